// Is a gzip file whole? The query engine takes one that ends early, or whose checksum is wrong, for a shorter table.
import { createReadStream } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { InputError } from "../errors.ts";

/** Unpacks `path` once to nowhere. Throws InputError when it ends early or its content does not have its checksum. */
export async function checkGzip(path: string, shown: string, signal: AbortSignal): Promise<void> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(path), createGunzip({ chunkSize: 262_144 }), nowhere, { signal });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!code.startsWith("Z_")) throw error;
    throw new InputError(
      {
        message: `${shown}: ${code === "Z_BUF_ERROR" ? "the gzip file is cut short" : "the gzip file is damaged"}`,
        file: shown,
        received: error instanceof Error ? error.message : String(error),
        hint: "the download or the program that wrote it stopped early: fetch or write it again",
      },
      { cause: error },
    );
  }
}
