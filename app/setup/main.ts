// `npm run app:setup`: registers the App on GitHub from its manifest and keeps its credentials in .env and a key file.
import { randomBytes } from "node:crypto";
import { ModelgateError } from "../../src/errors.ts";
import manifest from "../manifest.json" with { type: "json" };
import { readHost } from "../settings.ts";
import { refuseOverwriting } from "./credentials.ts";
import { createSetupServer } from "./setup-server.ts";

const usage =
  "usage: npm run app:setup -- --webhook-url https://HOST/api/github/webhooks [--organization NAME] [--port N]";

function readOption(name: string): string | null {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? null : (process.argv[at + 1] ?? null);
}

function start(): void {
  const webhookUrl = readOption("webhook-url");
  const port = Number(readOption("port") ?? "0");
  if (webhookUrl === null || !URL.canParse(webhookUrl) || !Number.isInteger(port)) {
    process.stderr.write(`${usage}\n`);
    process.exitCode = 2;
    return;
  }
  const { apiUrl, webUrl, gheHost, gheProtocol } = readHost(process.env);
  refuseOverwriting(process.cwd());
  const server = createSetupServer({
    manifest,
    webUrl,
    apiUrl,
    organization: readOption("organization"),
    webhookUrl,
    gheHost,
    gheProtocol,
    folder: process.cwd(),
    state: randomBytes(32).toString("hex"),
    fetcher: fetch,
    onDone: (app, files) => {
      process.stdout.write(
        `${app.name} is registered; credentials in ${files.join(" and ")}\nnext: install it, then npm start\n`,
      );
      server.close();
      server.closeIdleConnections();
    },
  });
  server.listen(port, "127.0.0.1", () => {
    const address = server.address();
    if (typeof address === "object" && address)
      process.stdout.write(`open http://127.0.0.1:${address.port}/ in a browser\n`);
  });
}

try {
  start();
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ModelgateError ? error.exitCode : 70;
}
