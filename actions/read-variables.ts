// Variables that a workflow hands to the user's programs: masked in the log before anything else happens.
import * as core from "@actions/core";
import { InputError } from "../src/errors.ts";

/** One NAME=VALUE per line. @throws InputError naming the line, never its value. */
export function readVariables(text: string | undefined): Readonly<Record<string, string>> {
  const lines = (text ?? "").split(/\r?\n/).map((line) => line.trim());
  const pairs = lines.flatMap((line, index) => {
    if (line === "" || line.startsWith("#")) return [];
    const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (!match) throw new InputError({ message: `input \`variables\`: line ${index + 1} is not NAME=VALUE` });
    return [[match[1] ?? "", match[2] ?? ""] as const];
  });
  for (const [, value] of pairs) if (value !== "") core.setSecret(value);
  return Object.fromEntries(pairs);
}
