// The JSON web token with which an App proves who it is: RS256, at most ten minutes ahead.
import { createVerify } from "node:crypto";
import { unauthorized } from "../http/reply.ts";

interface Claims {
  readonly iat?: unknown;
  readonly exp?: unknown;
  readonly iss?: unknown;
}

/** The App's id that the token claims, unverified; undefined when there is none. */
export function readAppId(jwt: string): number | undefined {
  const issuer = Number(readClaims(jwt)?.iss);
  return Number.isInteger(issuer) && issuer > 0 ? issuer : undefined;
}

/** Throws GitHub's 401 unless the signature and the times hold. `hostNowMs`: milliseconds since 1970. */
export function verifyAppJwt(jwt: string, publicKey: string, hostNowMs: number): void {
  const [header = "", payload = "", signature = ""] = jwt.split(".");
  const claims = readClaims(jwt);
  const verified = createVerify("RSA-SHA256")
    .update(`${header}.${payload}`)
    .verify(publicKey, Buffer.from(signature, "base64url"));
  if (!verified || claims === undefined) throw unauthorized("A JSON web token could not be decoded");
  const nowSeconds = hostNowMs / 1000;
  const { iat, exp } = claims;
  if (typeof exp !== "number" || exp <= nowSeconds) {
    throw unauthorized(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  }
  if (exp > nowSeconds + 660) throw unauthorized("'Expiration time' claim ('exp') is too far in the future");
  if (typeof iat !== "number" || iat > nowSeconds + 60) {
    throw unauthorized(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
}

function readClaims(jwt: string): Claims | undefined {
  try {
    return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8")) as Claims;
  } catch {
    return undefined;
  }
}
