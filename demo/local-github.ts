// Starts the local GitHub as `npm run local-github` does: a process of its own, so that git and people can talk to it.
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface LocalGitHub {
  readonly url: string;
  /** The owner's, with admin rights. */
  readonly token: string;
  readonly owner: string;
  readonly app: {
    readonly id: number;
    readonly slug: string;
    readonly privateKeyFile: string;
    readonly webhookSecret: string;
    readonly webhookUrl: string;
  };
  readonly stop: () => Promise<void>;
}

/** Resolves when it is ready. Its runner finds the engines in the clone's packages; MODELGATE_RUNNER_NODE runs the actions. */
export async function startLocalGitHub(root: string, folder: string, owner: string): Promise<LocalGitHub> {
  const seed = join(folder, "seed.json");
  writeFileSync(seed, JSON.stringify({ owner }));
  const program = join(root, "dist/local-github.mjs");
  const child = spawn(process.execPath, [program, "--port", "0", "--data", join(folder, "github"), "--seed", seed], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_PATH: join(root, "node_modules") },
  });
  const ready = await readFirstLine(child);
  return {
    ...(JSON.parse(ready) as Omit<LocalGitHub, "stop">),
    stop: async () => {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function readFirstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the local GitHub ended with ${code} before it was ready`)));
    if (child.stdout) createInterface({ input: child.stdout }).once("line", resolve);
  });
}
