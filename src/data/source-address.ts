// Addresses of data: what may be written as one, how it is shown without the secrets it can hold, and where a path lies.
import { isAbsolute, join } from "node:path";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";

/**
 * The address of a source on the web. Throws InputError for what is no address, and for one with a user and password in it:
 * the config and the evidence are read by everybody who may read the repository.
 */
export function parseAddress(source: string): URL {
  let url: URL;
  try {
    url = new URL(source);
  } catch (error) {
    const expected = "an address such as https://example.org/data.csv";
    throw new InputError(
      { message: "this is not an address", expected, received: showSource(source) },
      { cause: error },
    );
  }
  if (url.username === "" && url.password === "") return url;
  throw new InputError({
    message: "an address of data may not hold a user or a password",
    file: showSource(source),
    expected: "https:// without `user:password@`",
    hint: "fetch it in the model's `prepare` command, with the variables `env` names, and name the file here",
  });
}

/** A source as messages show it: of an address only host and path, since users, passwords and signatures stand in the rest. */
export function showSource(source: string): string {
  const [, scheme, rest] = source.match(/^([a-z][a-z0-9+.-]*:\/\/)(.*)$/is) ?? [];
  if (scheme === undefined || rest === undefined) return source;
  const [place = ""] = rest.split(/[?#]/, 1);
  const authority = place.split("/", 1)[0] ?? "";
  return `${scheme}${authority.slice(authority.lastIndexOf("@") + 1)}${place.slice(authority.length)}`;
}

/** Where a source that is a path lies; relative ones are taken from the context's folder. */
export function locate(source: string, context: Context): string {
  return isAbsolute(source) ? source : join(context.folder, source);
}
