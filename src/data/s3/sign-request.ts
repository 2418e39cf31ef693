// Signs a GET request for S3 (AWS Signature Version 4, "Authenticating Requests: Using the Authorization Header").
import { createHmac } from "node:crypto";
import { sha256Hex } from "../../json/digest.ts";

export interface S3Credentials {
  readonly id: string;
  readonly secret: string;
  /** Of temporary credentials. */
  readonly session: string | null;
}

const emptyBody = sha256Hex("");

/**
 * The headers of a signed GET without a body. The address must be written as `encodeForS3` encodes its path and values;
 * `at` is the time of the request, which S3 accepts within 15 minutes.
 */
export function signRequest(
  url: URL,
  region: string,
  { id, secret, session }: S3Credentials,
  at: Date,
): Readonly<Record<string, string>> {
  const time = at.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const sent: Record<string, string> = {
    "x-amz-content-sha256": emptyBody,
    "x-amz-date": time,
    ...(session === null ? {} : { "x-amz-security-token": session }),
  };
  const signed = Object.entries({ host: url.host, ...sent }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(";");
  const query = url.search.slice(1).split("&").sort().join("&");
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join("");
  const canonical = ["GET", url.pathname, query, lines, names, emptyBody].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256Hex(canonical)].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce<string | Buffer>(
    (last, part) => hmac(last, part),
    `AWS4${secret}`,
  );
  const signature = hmac(key, text).toString("hex");
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/** Percent-encodes all but letters, digits and `-._~`; slashes stay when `text` is a path. */
export function encodeForS3(text: string, path: boolean): string {
  const encoded = encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return path ? encoded.replaceAll("%2F", "/") : encoded;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
