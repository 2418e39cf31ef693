// Secrets of the artifact service: the job's bearer, and addresses that are valid for some minutes.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const urlLifetimeMs = 10 * 60_000;
const tokenLifetimeMs = 24 * 3_600_000;

export interface RuntimeScope {
  readonly runId: number;
  readonly jobId: number;
}

export interface Signer {
  /** ACTIONS_RUNTIME_TOKEN: a JWT whose `scp` names run and job. */
  readonly issueRuntimeToken: (scope: RuntimeScope) => string;
  /** The run and job of a bearer; undefined when it is forged or old. */
  readonly readRuntimeToken: (authorization: string | undefined) => RuntimeScope | undefined;
  /** `path?se=…&sig=…`. */
  readonly signPath: (path: string) => string;
  readonly isSigned: (path: string, query: URLSearchParams) => boolean;
}

/** A signer whose key lies in `keyFile`, so that addresses outlive a restart. */
export function createSigner(keyFile: string, hostNowMs: () => number): Signer {
  const key = readKey(keyFile);
  const sign = (text: string): string => createHmac("sha256", key).update(text).digest("base64url");
  return {
    issueRuntimeToken: ({ runId, jobId }) => {
      const claims = {
        scp: `Actions.Results:${runId}:${jobId}`,
        exp: Math.floor((hostNowMs() + tokenLifetimeMs) / 1000),
      };
      const body = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
      return `${body}.${sign(body)}`;
    },
    readRuntimeToken: (authorization) => {
      const [header = "", claims = "", signature = ""] = (authorization ?? "").replace(/^bearer /i, "").split(".");
      if (!isEqual(signature, sign(`${header}.${claims}`))) return undefined;
      const { scp, exp } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { scp: string; exp: number };
      if (exp * 1000 < hostNowMs()) return undefined;
      const [, runId, jobId] = scp.split(":");
      return { runId: Number(runId), jobId: Number(jobId) };
    },
    signPath: (path) => {
      const expires = String(hostNowMs() + urlLifetimeMs);
      return `${path}?se=${expires}&sig=${sign(`${path} ${expires}`)}`;
    },
    isSigned: (path, query) => {
      const expires = query.get("se") ?? "";
      return Number(expires) >= hostNowMs() && isEqual(query.get("sig") ?? "", sign(`${path} ${expires}`));
    },
  };
}

function readKey(file: string): Buffer {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, randomBytes(32), { mode: 0o600 });
  }
  return readFileSync(file);
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function isEqual(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
