// Sending a file: with a known length, no faster than the other side takes it, and never as a whole in memory
// (the built-in fetch reads a stream ahead without bound).
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Readable } from "node:stream";

const answerLimitBytes = 1_000_000;

interface UploadInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readable;
  readonly signal?: AbortSignal;
}

/** Stands in for `fetch` where the body is a stream of Node: Octokit gives URL and headers, authorization included. */
export async function fetchStreaming(url: string, init: UploadInit): Promise<Response> {
  const send = new URL(url).protocol === "https:" ? httpsRequest : httpRequest;
  const { body } = init;
  return await new Promise<Response>((resolve, reject) => {
    const fail = (error: Error) => {
      body?.destroy();
      request.destroy();
      // As fetch fails: Octokit takes a TypeError with a cause for a network error.
      reject(new TypeError("the upload broke off", { cause: error }));
    };
    const options = {
      method: init.method ?? "POST",
      headers: { ...init.headers },
      ...(init.signal ? { signal: init.signal } : {}),
    };
    const request = send(url, options, (answer) => {
      const pieces: Buffer[] = [];
      let size = 0;
      answer.on("data", (piece: Buffer) => {
        size += piece.byteLength;
        if (size > answerLimitBytes) fail(new Error("the answer is too long"));
        else pieces.push(piece);
      });
      answer.on("error", fail);
      answer.on("end", () => {
        // A refusal can come before everything was sent: the rest is not.
        body?.destroy();
        request.destroy();
        const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
          typeof value === "string" ? [[name, value] as [string, string]] : [],
        );
        resolve(new Response(Buffer.concat(pieces), { status: answer.statusCode ?? 500, headers }));
      });
    });
    request.on("error", fail);
    if (body === undefined) return void request.end();
    body.on("error", fail);
    body.pipe(request);
  });
}
