// For tests: a local GitHub in a folder of its own, clients for it, and the check that everything fitted GitHub's description.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { expect, onTestFinished } from "vitest";
import { type LocalGitHub, type LocalGitHubSettings, startLocalGitHub } from "./server.ts";
import type { Violation } from "./validation/check.ts";

/** Starts a server that stops, and whose folder goes, when the test is over. */
export async function startTestGitHub(settings: Partial<LocalGitHubSettings> = {}): Promise<LocalGitHub> {
  const dataFolder = settings.dataFolder ?? mkdtempSync(join(tmpdir(), "local-github-"));
  const github = await startLocalGitHub({ ...settings, dataFolder });
  onTestFinished(async () => {
    await github.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  });
  return github;
}

/** An unmodified client; without a token it is the owner's. */
export function clientOf(github: LocalGitHub, token: string = github.token): Octokit {
  return new Octokit({ baseUrl: `${github.url}/api/v3`, auth: token, log: quiet });
}

/** A client that proves itself with the App's key. */
export function appClientOf(github: LocalGitHub): Octokit {
  const privateKey = readFileSync(github.app.privateKeyFile, "utf8");
  return new Octokit({
    baseUrl: `${github.url}/api/v3`,
    authStrategy: createAppAuth,
    auth: { appId: github.app.id, privateKey },
    log: quiet,
  });
}

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Fails when a request, an answer or a webhook did not fit; `meant` lets through what the test did wrong on purpose. */
export function expectNoViolations(github: LocalGitHub, meant: (violation: Violation) => boolean = () => false): void {
  expect(github.contract.violations().filter((violation) => !meant(violation))).toEqual([]);
  expect(github.failures).toEqual([]);
}
