// A reply onto the socket: JSON, bytes, a file (also in part), or a stream.
import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Reply } from "./reply.ts";

/** With `truncated`, only the first half of the body goes out, under a length that says so: what arrives is whole, and wrong. */
export function sendReply(request: IncomingMessage, response: ServerResponse, reply: Reply, truncated: boolean): void {
  const headers: Record<string, string> = { ...reply.headers };
  if (reply.stream !== undefined) {
    response.writeHead(reply.status, headers);
    reply.stream.pipe(response);
    return;
  }
  if (reply.file !== undefined) {
    sendFile(request, response, reply, truncated);
    return;
  }
  const body = reply.bytes ?? (reply.json === undefined ? undefined : Buffer.from(JSON.stringify(reply.json)));
  if (reply.json !== undefined && reply.bytes === undefined)
    headers["content-type"] = "application/json; charset=utf-8";
  if (body === undefined) {
    response.writeHead(reply.status, headers);
    response.end();
    return;
  }
  const sent = truncated ? body.subarray(0, Math.floor(body.length / 2)) : body;
  response.writeHead(reply.status, { ...headers, "content-length": String(sent.length) });
  response.end(request.method === "HEAD" ? undefined : sent);
}

function sendFile(request: IncomingMessage, response: ServerResponse, reply: Reply, truncated: boolean): void {
  const { path, sizeBytes } = reply.file ?? { path: "", sizeBytes: 0 };
  const headers: Record<string, string> = { "accept-ranges": "bytes", ...reply.headers };
  const range = readRange(request.headers.range, sizeBytes);
  if (range === "unsatisfiable") {
    response.writeHead(416, { ...headers, "content-range": `bytes */${sizeBytes}` });
    response.end();
    return;
  }
  const first = range?.first ?? 0;
  const whole = (range?.last ?? sizeBytes - 1) - first + 1;
  const length = truncated ? Math.floor(whole / 2) : whole;
  if (range !== undefined) headers["content-range"] = `bytes ${range.first}-${range.last}/${sizeBytes}`;
  response.writeHead(range === undefined ? reply.status : 206, { ...headers, "content-length": String(length) });
  if (request.method === "HEAD" || length === 0) {
    response.end();
    return;
  }
  const file = createReadStream(path, { start: first, end: first + length - 1 });
  file.on("error", () => response.destroy());
  file.pipe(response);
}

function readRange(
  header: string | undefined,
  sizeBytes: number,
): { first: number; last: number } | "unsatisfiable" | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (found === null || (found[1] === "" && found[2] === "")) return undefined;
  const first = found[1] === "" ? Math.max(0, sizeBytes - Number(found[2])) : Number(found[1]);
  const last = found[1] === "" || found[2] === "" ? sizeBytes - 1 : Math.min(Number(found[2]), sizeBytes - 1);
  return first > last || first >= sizeBytes ? "unsatisfiable" : { first, last };
}
