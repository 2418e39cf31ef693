// The body of a webhook, held to a limit while it arrives: an unsigned request must not fill the memory.
import type { IncomingMessage } from "node:http";

export type Body =
  | { readonly state: "read"; readonly bytes: Buffer }
  | { readonly state: "too-large" }
  | { readonly state: "broken" };

/** GitHub never sends more than 25 MB. */
export const largestBodyBytes = 26_000_000;

/** Reads the whole body; stops at the first byte over the limit, also when the announced length was smaller or absent. */
export function readBody(request: IncomingMessage, largestBytes: number): Promise<Body> {
  const announced = Number(request.headers["content-length"] ?? "0");
  if (announced > largestBytes) return Promise.resolve({ state: "too-large" });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.byteLength;
      if (bytes <= largestBytes) chunks.push(chunk);
      else {
        chunks.length = 0;
        request.pause();
        resolve({ state: "too-large" });
      }
    });
    request.on("end", () => resolve({ state: "read", bytes: Buffer.concat(chunks) }));
    request.on("error", () => resolve({ state: "broken" }));
    request.on("aborted", () => resolve({ state: "broken" }));
  });
}
