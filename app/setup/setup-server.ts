// The local server of the manifest flow: one form, one callback that is believed only with the state this process made.
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { ModelgateError } from "../../src/errors.ts";
import { type Conversion, exchangeCode, refuseOverwriting, writeCredentials } from "./credentials.ts";
import { renderDone, renderForm, renderProblem } from "./setup-page.ts";

export interface SetupSettings {
  readonly manifest: Readonly<Record<string, unknown>>;
  /** `https://github.com`, or the server's own address. */
  readonly webUrl: string;
  readonly apiUrl: string;
  /** Null = the App belongs to the person. */
  readonly organization: string | null;
  readonly webhookUrl: string;
  readonly gheHost: string | null;
  readonly gheProtocol: string;
  /** Where the files go. */
  readonly folder: string;
  /** Random, at least 32 characters; part of the address GitHub sends the browser back to. */
  readonly state: string;
  readonly fetcher: typeof fetch;
  /** Told once, when the files are written. */
  readonly onDone: (app: Conversion, files: readonly string[]) => void;
}

interface Page {
  readonly status: number;
  readonly html: string;
}

/** Listens on loopback only; the caller chooses the port. */
export function createSetupServer(settings: SetupSettings): Server {
  let taken = false;
  return createServer((request, response) => {
    void answer(request, settings, () => {
      const first = !taken;
      taken = true;
      return first;
    }).then(({ status, html }) => {
      response
        .writeHead(status, {
          "content-type": "text/html; charset=utf-8",
          "content-security-policy": `default-src 'none'; form-action ${settings.webUrl}; frame-ancestors 'none'`,
          "referrer-policy": "no-referrer",
          "cache-control": "no-store",
        })
        .end(html);
    });
  });
}

async function answer(request: IncomingMessage, settings: SetupSettings, takeCode: () => boolean): Promise<Page> {
  const host = request.headers.host ?? "";
  // Another name for this machine means that a page of somebody else is asking.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) return problem(421, "This address is not the setup's.");
  const url = new URL(request.url ?? "/", `http://${host}`);
  if (request.method !== "GET") return problem(405, "Only GET.");
  if (url.pathname === "/")
    return { status: 200, html: renderForm(findAction(settings), completeManifest(settings, host)) };
  if (url.pathname !== "/callback") return problem(404, "There is no such page.");
  if (!isSame(url.searchParams.get("state") ?? "", settings.state)) {
    return problem(400, "The state is not the one this setup began with. Nothing was written; begin again.");
  }
  const code = url.searchParams.get("code") ?? "";
  if (!/^[A-Za-z0-9_-]{1,200}$/.test(code)) return problem(400, "There is no code in the address.");
  if (!takeCode()) return problem(409, "The code was used already.");
  try {
    refuseOverwriting(settings.folder);
    const app = await exchangeCode(settings.apiUrl, code, settings.fetcher);
    const files = await writeCredentials(app, settings.folder, settings);
    settings.onDone(app, files);
    return { status: 200, html: renderDone({ name: app.name, url: app.html_url }, files) };
  } catch (error) {
    return problem(502, error instanceof ModelgateError ? error.message : "The credentials could not be written.");
  }
}

function problem(status: number, message: string): Page {
  return { status, html: renderProblem(message) };
}

function findAction({ webUrl, organization, state }: SetupSettings): string {
  const place =
    organization === null ? "settings/apps/new" : `organizations/${encodeURIComponent(organization)}/settings/apps/new`;
  return `${webUrl}/${place}?state=${encodeURIComponent(state)}`;
}

function completeManifest({ manifest, webUrl, webhookUrl }: SetupSettings, host: string): object {
  return {
    ...manifest,
    url: `${webUrl}/modelgate/modelgate`,
    hook_attributes: { url: webhookUrl, active: true },
    redirect_url: `http://${host}/callback`,
  };
}

function isSame(given: string, state: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(state)];
  return left.length === right.length && timingSafeEqual(left, right);
}
