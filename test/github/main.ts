// `npm run local-github -- --port N --data DIR [--seed FILE]`: the local GitHub alone, until it is told to stop.
import { mkdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { readSeed } from "./seed.ts";
import { startLocalGitHub } from "./server.ts";

const usage = "usage: local-github --port N --data DIR [--seed FILE]";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: "string" }, data: { type: "string" }, seed: { type: "string" } },
  });
  const port = Number(values.port ?? "0");
  if (values.data === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(usage);
  const dataFolder = resolve(values.data);
  mkdirSync(dataFolder, { recursive: true });
  // The Node that runs JavaScript actions, when it is not this one: runners of GitHub bring their own.
  const runnerNode = process.env["MODELGATE_RUNNER_NODE"] || undefined;
  const github = await startLocalGitHub({
    port,
    dataFolder,
    ...(runnerNode === undefined ? {} : { actions: { nodePath: runnerNode } }),
    ...(values.seed === undefined ? {} : { seed: readSeed(readFileSync(values.seed, "utf8")) }),
  });
  const { url, token, owner, app } = github;
  process.stdout.write(`${JSON.stringify({ url, token, owner, app })}\n`);
  const stop = (): void => {
    void github.stop().then(() => process.exit(0));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
});
