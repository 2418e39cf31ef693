// Commits that an App or a job makes through the API are signed by GitHub and so verified. Ours are signed with a secret of this server.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const head = "-----BEGIN PGP SIGNATURE-----\n\n";
const tail = "\n-----END PGP SIGNATURE-----";
const secrets = new Map<string, Buffer>();

/** The signature of `payload` by the server whose state lies in `dataFolder`. */
export function signCommit(dataFolder: string, payload: string): string {
  return `${head}${createHmac("sha512", secretOf(dataFolder)).update(payload).digest("base64")}${tail}`;
}

export function isOurSignature(dataFolder: string, signature: string, payload: string): boolean {
  const expected = Buffer.from(signCommit(dataFolder, payload));
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function secretOf(dataFolder: string): Buffer {
  const known = secrets.get(dataFolder);
  if (known !== undefined) return known;
  const file = join(dataFolder, "signing-secret");
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 });
  const secret = readFileSync(file);
  secrets.set(dataFolder, secret);
  return secret;
}
