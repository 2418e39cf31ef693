// The App's environment, checked before anything listens: without a real webhook secret it does not start.
import { readFileSync } from "node:fs";
import { InputError, type Problem } from "../src/errors.ts";

export interface AppSettings {
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly port: number;
  readonly host: string;
  /** Base of the REST API. */
  readonly apiUrl: string;
  /** The API is on this machine: no rate limits to respect. */
  readonly onLoopback: boolean;
  /** `OWNER/NAME` of the repository with the reusable workflows. */
  readonly publisher: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings; all problems are reported together. @throws InputError */
export function readAppSettings(environment: Environment): AppSettings {
  const problems: Problem[] = [];
  const appId = readNumber(environment, "APP_ID", null, problems);
  const port = readNumber(environment, "PORT", 3000, problems);
  const privateKey = readPrivateKey(environment, problems);
  const webhookSecret = environment["WEBHOOK_SECRET"] ?? "";
  if (webhookSecret === "" || webhookSecret === "development") {
    problems.push({
      key: "WEBHOOK_SECRET",
      message: webhookSecret === "" ? "is not set" : "is the word everybody knows",
      expected: "the secret of the App's webhook, which signs every delivery",
      hint: "`npm run app:setup` makes one; an existing App's is under Settings → Developer settings → GitHub Apps",
    });
  }
  const { apiUrl, onLoopback } = readApiUrl(environment, problems);
  if (problems.length > 0) throw new InputError(problems);
  return {
    appId,
    privateKey,
    webhookSecret,
    port,
    host: environment["HOST"] || "localhost",
    apiUrl,
    onLoopback,
    publisher: environment["MODELGATE_PUBLISHER"] || "modelgate/modelgate",
  };
}

function readNumber(environment: Environment, name: string, fallback: number | null, problems: Problem[]): number {
  const text = environment[name];
  if (!text && fallback !== null) return fallback;
  if (text && /^\d{1,15}$/.test(text)) return Number(text);
  problems.push({
    key: name,
    message: text ? "is not a number" : "is not set",
    hint: name === "APP_ID" ? "`npm run app:setup` registers an App and writes .env" : "a port such as 3000",
  });
  return 0;
}

function readPrivateKey(environment: Environment, problems: Problem[]): string {
  const given = environment["PRIVATE_KEY"];
  const path = environment["PRIVATE_KEY_PATH"];
  const text = given ? decodeKey(given) : path ? readKeyFile(path, problems) : null;
  if (text === null && !path) problems.push({ key: "PRIVATE_KEY_PATH", message: "is not set, nor is PRIVATE_KEY" });
  if (text !== null && !/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
    problems.push({
      key: given ? "PRIVATE_KEY" : "PRIVATE_KEY_PATH",
      message: "does not hold a private key in PEM form",
    });
  }
  return text ?? "";
}

/** As PEM, PEM with `\n` written out, or base64 of it. */
function decodeKey(given: string): string {
  const text = given.replaceAll("\\n", "\n");
  return text.includes("-----BEGIN") ? text : Buffer.from(text, "base64").toString("utf8");
}

function readKeyFile(path: string, problems: Problem[]): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    problems.push({
      key: "PRIVATE_KEY_PATH",
      message: `cannot be read: ${(error as NodeJS.ErrnoException).code ?? "error"}`,
      file: path,
    });
    return null;
  }
}

function readApiUrl(environment: Environment, problems: Problem[]): { apiUrl: string; onLoopback: boolean } {
  try {
    return readHost(environment);
  } catch (error) {
    if (error instanceof InputError) problems.push(...error.problems);
    return { apiUrl: "", onLoopback: false };
  }
}

export interface GitHubHost {
  /** Base of the REST API. */
  readonly apiUrl: string;
  /** What browsers see. */
  readonly webUrl: string;
  readonly onLoopback: boolean;
  readonly gheHost: string | null;
  readonly gheProtocol: string;
}

/** github.com, or GitHub Enterprise Server (and whatever speaks like it) at GHE_HOST. @throws InputError */
export function readHost(environment: Environment): GitHubHost {
  const gheHost = environment["GHE_HOST"] || null;
  const gheProtocol = environment["GHE_PROTOCOL"] || "https";
  if (gheHost === null) {
    return { apiUrl: "https://api.github.com", webUrl: "https://github.com", onLoopback: false, gheHost, gheProtocol };
  }
  if (gheProtocol !== "http" && gheProtocol !== "https") {
    throw new InputError({ key: "GHE_PROTOCOL", message: "is neither http nor https", received: gheProtocol });
  }
  const webUrl = `${gheProtocol}://${gheHost}`;
  if (!URL.canParse(webUrl) || new URL(webUrl).host !== gheHost.toLowerCase()) {
    throw new InputError({ key: "GHE_HOST", message: "is not a host name, with a port if need be", received: gheHost });
  }
  const onLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$|\.localhost$/.test(new URL(webUrl).hostname);
  return { apiUrl: `${webUrl}/api/v3`, webUrl, onLoopback, gheHost, gheProtocol };
}
