// Fetches objects of S3 and what speaks like it, by name or by pattern, into a folder.
import { join } from "node:path";
import picomatch from "picomatch";
import { InputError, ProviderError } from "../../errors.ts";
import type { Context } from "../../host/context.ts";
import { sha256Hex } from "../../json/digest.ts";
import { downloadFile, requestText, type SourceRequest } from "../fetch-source.ts";
import type { SourceFiles } from "../source-files.ts";
import { encodeForS3, type S3Credentials, signRequest } from "./sign-request.ts";

/** Pages of 1,000 keys that a pattern may make us list. */
const mostPages = 1000;

/**
 * The objects that `s3://bucket/key` names, downloaded; in the key `*`, `?`, `[…]` and `**` are a pattern. Taken from the
 * environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (without them requests are anonymous),
 * AWS_REGION or AWS_DEFAULT_REGION (default us-east-1), AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL. Throws InputError when
 * nothing is there or access is denied, ProviderError when the store cannot be reached.
 */
export async function fetchObjects(source: string, folder: string, context: Context): Promise<SourceFiles["files"]> {
  const store = openStore(source, context);
  const wanted = /[*?[]/.test(store.key) ? await listKeys(store, context) : [store.key];
  const files = [];
  for (const key of wanted) {
    const shown = `s3://${store.bucket}/${key}`;
    const path = join(folder, `fetched-${sha256Hex(shown).slice(0, 16)}`);
    await downloadFile(() => store.request(key, []), shown, path, context);
    files.push({ path, shown });
  }
  const [first, ...rest] = files;
  if (first) return [first, ...rest];
  throw new InputError({
    message: `${source}: no object matches this pattern`,
    file: source,
    hint: "check bucket, prefix and region (AWS_REGION)",
  });
}

interface Store {
  readonly bucket: string;
  readonly key: string;
  readonly request: (key: string, query: readonly (readonly [string, string])[]) => SourceRequest;
}

function openStore(source: string, { environment, now }: Context): Store {
  const [, bucket, key] = /^s3a?:\/\/([a-z0-9][a-z0-9._-]{1,62})\/(.+)$/i.exec(source) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new InputError({
      message: "this is no address of an object",
      file: source,
      expected: "s3://bucket/path/to/file.parquet",
    });
  }
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: session } = environment;
  const credentials: S3Credentials | null = id && secret ? { id, secret, session: session || null } : null;
  const region = environment["AWS_REGION"] || environment["AWS_DEFAULT_REGION"] || "us-east-1";
  const base = findBase(bucket, region, environment["AWS_ENDPOINT_URL_S3"] || environment["AWS_ENDPOINT_URL"]);
  return {
    bucket,
    key,
    request: (name, query) => {
      const search = query.map(([field, value]) => `${field}=${encodeForS3(value, false)}`).join("&");
      const url = new URL(`${base}/${encodeForS3(name, true)}${search === "" ? "" : `?${search}`}`);
      return { url, headers: credentials ? signRequest(url, region, credentials, now()) : {} };
    },
  };
}

/** Buckets with dots do not fit Amazon's certificate as a host name; other stores take them as a path. */
function findBase(bucket: string, region: string, endpoint: string | undefined): string {
  if (endpoint === undefined) {
    const host = `s3.${region}.amazonaws.com`;
    return bucket.includes(".") ? `https://${host}/${bucket}` : `https://${bucket}.${host}`;
  }
  if (!/^https?:\/\/[^/?#@]+(\/[^?#]*)?$/.test(endpoint)) {
    throw new InputError({ message: "AWS_ENDPOINT_URL is no address", expected: "https://host[:port]" });
  }
  return `${endpoint.replace(/\/$/, "")}/${bucket}`;
}

async function listKeys(store: Store, context: Context): Promise<readonly string[]> {
  const fixed = store.key.slice(0, store.key.search(/[*?[]/));
  const matches = picomatch(store.key, { dot: true, nobrace: true, noextglob: true, nonegate: true });
  const shown = `s3://${store.bucket}/${store.key}`;
  const keys: string[] = [];
  let next: string | null = null;
  for (let page = 0; page < mostPages; page++) {
    const query = [
      ...(next === null ? [] : [["continuation-token", next] as const]),
      ["encoding-type", "url"] as const,
      ["list-type", "2"] as const,
      ["prefix", fixed] as const,
    ];
    const answer: string = await requestText(() => store.request("", query), shown, context);
    if (!/<\/ListBucketResult>\s*$/.test(answer)) {
      throw new ProviderError({ message: `${shown}: the list of objects arrived only in part`, file: shown });
    }
    const found = [...answer.matchAll(/<Contents>.*?<Key>(.*?)<\/Key>/gs)].map(([, key = ""]) =>
      decodeURIComponent(readXml(key).replaceAll("+", " ")),
    );
    keys.push(...found.filter((key) => matches(key)));
    next = /<IsTruncated>true</.test(answer) ? readXml(/<NextContinuationToken>(.*?)</s.exec(answer)?.[1] ?? "") : null;
    if (!next) return keys.sort();
  }
  throw new InputError({
    message: `${shown}: more than ${mostPages * 1000} objects begin like the pattern`,
    file: shown,
    hint: "give a longer beginning before the first * of the pattern",
  });
}

function readXml(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named[name] ?? whole;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex ?? "0", 16) : Number(decimal));
  });
}
