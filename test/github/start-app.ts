// The built App beside a local GitHub, as `npm start` runs it: a process that listens, and the webhook pointed at it.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";

export interface GitHubForApp {
  /** Base of the server, without `/api/v3`. */
  readonly url: string;
  readonly app: { readonly id: number; readonly privateKeyFile: string; readonly webhookSecret: string };
}

export interface AppProcess {
  readonly url: string;
  readonly child: ChildProcess;
}

/**
 * Starts `program` and resolves when it is ready and gets the webhooks. `onLog` gets what it says on stderr. Rejects with that when it
 * ends before; whoever asked ends the process, which `onStart` names as soon as there is one.
 */
export async function startAppProcess(
  program: string,
  github: GitHubForApp,
  onLog: (text: string) => void,
  onStart: (child: ChildProcess) => void,
): Promise<AppProcess> {
  const port = await findFreePort();
  const child = spawn(process.execPath, [program], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      APP_ID: String(github.app.id),
      PRIVATE_KEY_PATH: github.app.privateKeyFile,
      WEBHOOK_SECRET: github.app.webhookSecret,
      PORT: String(port),
      HOST: "127.0.0.1",
      GHE_HOST: new URL(github.url).host,
      GHE_PROTOCOL: "http",
    },
  });
  onStart(child);
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
    onLog(chunk.toString("utf8"));
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`the App ended with ${code} before it was ready: ${said}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  await pointWebhook(github, `${url}/api/github/webhooks`);
  return { url, child };
}

async function pointWebhook(github: GitHubForApp, url: string): Promise<void> {
  const privateKey = readFileSync(github.app.privateKeyFile, "utf8");
  const { token } = await createAppAuth({ appId: github.app.id, privateKey })({ type: "app" });
  await new Octokit({ baseUrl: `${github.url}/api/v3`, auth: token }).request({
    method: "PATCH",
    url: "/app/hook/config",
    data: { url },
  });
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
