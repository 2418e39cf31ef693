// Starts threads for what may be large plain files, before the rest of a command is loaded.
import { statSync } from "node:fs";
import type { Context } from "../../host/context.ts";
import { locate } from "../source-address.ts";
import { countReaders, findReadingProgram, type ReadingThreads, startReadingThreads } from "./reading-threads.ts";

/** Of smaller files the engine is done as soon. */
const leastBytes = 4 * 1024 * 1024;

/** Whether a source is delimited text on this machine, by its name. */
export function isDelimitedPath(source: string): boolean {
  return /\.[ct]sv$/i.test(source) && !/^[a-z0-9+.-]+:\/\//i.test(source);
}

/** Whether there is one large file; what cannot be looked at is told by whoever reads it. It is not opened: whoever writes into a pipe would notice. */
export function isLargeFile(path: string): boolean {
  try {
    const stats = statSync(path);
    return stats.isFile() && stats.size >= leastBytes;
  } catch {
    return false;
  }
}

/**
 * Threads for those of `sources`, which will be read at once, that look large and plain; null where none does, or this installation does
 * not carry the program. To be ended by the caller.
 */
export function startAhead(sources: readonly string[], context: Context): ReadingThreads | null {
  const program = findReadingProgram();
  const large = sources.filter((source) => isDelimitedPath(source) && isLargeFile(locate(source, context)));
  if (program === null || large.length === 0) return null;
  return startReadingThreads(program, large.length * countReaders(sources.length));
}
