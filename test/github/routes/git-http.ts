// Clone, fetch and push over HTTP, by git's own programs.
import { spawn } from "node:child_process";
import { PassThrough, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { authorOf } from "../auth/actor.ts";
import { authorize, canSee } from "../auth/authorize.ts";
import { judgeRefMove } from "../changes/ref-rules.ts";
import { type RefMove, refsMoved } from "../changes/refs-moved.ts";
import { gitEnvironment } from "../git/environment.ts";
import { readRef, zeroSha } from "../git/refs.ts";
import { type Call, param } from "../http/call.ts";
import { HttpError, notFound, type Reply } from "../http/reply.ts";
import type { Repository } from "../state/repository.ts";
import { findRepository } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";

const services = { "git-upload-pack": "upload-pack", "git-receive-pack": "receive-pack" } as const;
type Service = keyof typeof services;

export function addGitHttpRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const open = { foreign: true, streamed: true } as const;
  router.route("GET /{owner}/{repo}/info/refs", open, advertise);
  router.route("POST /{owner}/{repo}/git-upload-pack", open, (call) => {
    const repository = openRepository(call, "git-upload-pack");
    return run(call, repository, "git-upload-pack", inflated(call), {});
  });
  router.route("POST /{owner}/{repo}/git-receive-pack", open, receive);
}

/** The repository of the path, for somebody who may read it or, to push, write to it. Git asks for a password on 401. */
function openRepository(call: Call, service: Service): Repository {
  const { store } = call.platform;
  const repository = findRepository(store, param(call, "owner"), param(call, "repo").replace(/\.git$/, ""));
  const challenge = { "www-authenticate": 'Basic realm="GitHub"' };
  if (
    call.actor.kind === "anonymous" &&
    (repository === undefined || repository.private || service === "git-receive-pack")
  ) {
    throw new HttpError(401, "Requires authentication", {}, challenge);
  }
  if (repository === undefined || !canSee(store, call.actor, repository)) throw notFound("Repository not found.");
  const writing = service === "git-receive-pack";
  authorize(
    store,
    call.actor,
    repository,
    { permissions: [writing ? "contents:write" : "contents:read"] },
    writing ? "POST" : "GET",
  );
  return repository;
}

function advertise(call: Call): Reply {
  const service = call.query.get("service");
  if (service !== "git-upload-pack" && service !== "git-receive-pack")
    throw new HttpError(403, "Please upgrade your git client.");
  const repository = openRepository(call, service);
  const stream = new PassThrough();
  const line = `# service=${service}\n`;
  stream.write(`${(line.length + 4).toString(16).padStart(4, "0")}${line}0000`);
  const child = spawn("git", [services[service], "--stateless-rpc", "--advertise-refs", folderOf(call, repository)], {
    env: gitEnvironment({ GIT_PROTOCOL: String(call.headers["git-protocol"] ?? "") }),
    stdio: ["ignore", "pipe", "ignore"],
  });
  child.stdout.pipe(stream);
  return { status: 200, headers: headersFor(`application/x-${service}-advertisement`), stream };
}

function folderOf(call: Call, repository: Repository): string {
  return call.platform.git.folder(repository.id);
}

function headersFor(contentType: string): Record<string, string> {
  return { "content-type": contentType, "cache-control": "no-cache, max-age=0, must-revalidate" };
}

function inflated(call: Call): Readable {
  return call.headers["content-encoding"] === "gzip" ? call.request.pipe(createGunzip()) : call.request;
}

function run(
  call: Call,
  repository: Repository,
  service: Service,
  body: Readable,
  environment: Record<string, string>,
  ended?: () => void,
): Reply {
  const child = spawn("git", [services[service], "--stateless-rpc", folderOf(call, repository)], {
    env: gitEnvironment({ GIT_PROTOCOL: String(call.headers["git-protocol"] ?? ""), ...environment }),
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => {});
  body.pipe(child.stdin);
  const stream = new PassThrough();
  child.stdout.pipe(stream, { end: false });
  child.on("close", () => {
    ended?.();
    stream.end();
  });
  return { status: 200, headers: headersFor(`application/x-${service}-result`), stream };
}

/** Reads what the push wants before git does, so that rules can refuse it, and tells the world afterwards. */
async function receive(call: Call): Promise<Reply> {
  const repository = openRepository(call, "git-receive-pack");
  authorOf(call.actor);
  const folder = folderOf(call, repository);
  const { moves, sent } = await readCommands(inflated(call));
  const fastForwardOnly: string[] = [];
  for (const move of moves) {
    const verdict = judgeRefMove(call.platform, repository, call.actor, move, false);
    if (verdict.refusals.length > 0) return refuse(moves, move.name, verdict.refusals);
    if (verdict.fastForwardOnly) fastForwardOnly.push(move.name);
  }
  return run(
    call,
    repository,
    "git-receive-pack",
    sent,
    { LOCAL_GITHUB_FAST_FORWARD_ONLY: fastForwardOnly.join(" ") },
    () => {
      const done = moves.filter((move) => readRef(folder, move.name) === move.after);
      refsMoved(call.platform, repository, done, call.actor);
    },
  );
}

/** The commands at the head of a push (pkt-lines up to the flush), and the whole body again as a stream. */
async function readCommands(body: Readable): Promise<{ moves: RefMove[]; sent: Readable }> {
  const parts: Buffer[] = [];
  const iterator = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let moves: RefMove[] | undefined;
  while (moves === undefined) {
    const next = await iterator.next();
    if (next.done === true) break;
    parts.push(next.value);
    moves = parseCommands(Buffer.concat(parts));
  }
  const sent = new PassThrough();
  void (async () => {
    for (const part of parts) sent.write(part);
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      if (!sent.write(next.value)) await new Promise((resolve) => sent.once("drain", resolve));
    }
    sent.end();
  })().catch(() => sent.destroy());
  return { moves: moves ?? [], sent };
}

function parseCommands(data: Buffer): RefMove[] | undefined {
  const moves: RefMove[] = [];
  for (let at = 0; at + 4 <= data.length; ) {
    const length = Number.parseInt(data.subarray(at, at + 4).toString("latin1"), 16);
    if (length === 0) return moves;
    if (Number.isNaN(length) || length < 4) return [];
    if (at + length > data.length) return undefined;
    const [command = ""] = data
      .subarray(at + 4, at + length)
      .toString("utf8")
      .split("\0");
    const [before = "", after = "", name = ""] = command.trim().split(" ");
    if (name !== "") {
      moves.push({
        name,
        before: before === zeroSha ? undefined : before,
        after: after === zeroSha ? undefined : after,
      });
    }
    at += length;
  }
  return undefined;
}

/** The report of a push that the rules refuse, with the reason where git shows it. */
function refuse(moves: readonly RefMove[], refused: string, reasons: readonly string[]): Reply {
  const packet = (text: string): string => `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, "0")}${text}`;
  const report = [
    packet("unpack ok\n"),
    ...moves.map((move) =>
      packet(
        `ng ${move.name} ${move.name === refused ? "push declined due to repository rule violations" : "atomic push failed"}\n`,
      ),
    ),
    "0000",
  ].join("");
  const message = packet(
    `\u0002error: GH013: Repository rule violations found for ${refused}.\nerror: ${reasons.join("\nerror: ")}\n`,
  );
  const bytes = Buffer.from(`${message}${packet(`\u0001${report}`)}0000`);
  return { status: 200, headers: headersFor("application/x-git-receive-pack-result"), bytes };
}
