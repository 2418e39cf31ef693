// Answers of GitHub kept on this disk with their ETags, so that another process can ask "has it changed?" instead of reading again.
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { sha256Hex } from "../json/digest.ts";
import type { Context } from "./context.ts";
import { writeFileAtomically } from "./files.ts";

export interface KnownAnswer {
  readonly etag: string;
  readonly text: string;
}

/** What was read before, by a key that names it. Neither function throws: without a cache everything works, only dearer. */
export interface AnswerCache {
  read(key: string): Promise<KnownAnswer | null>;
  write(key: string, answer: KnownAnswer): Promise<void>;
}

/** Set to anything: nothing is kept or looked up on the disk. */
export const noCacheVariable = "MODELGATE_NO_CACHE";

const Stored = z.object({ etag: z.string().max(300), text: z.string(), sha256: z.string() });
const largestBytes = 4_000_000;
const mostFiles = 400;

/** Keeps answers in memory, for as long as the process lives. */
export function createMemoryCache(): AnswerCache {
  const answers = new Map<string, KnownAnswer>();
  return {
    read: async (key) => answers.get(key) ?? null,
    write: async (key, answer) => void answers.set(key, answer),
  };
}

/**
 * The folder for answers: below XDG_CACHE_HOME, else ~/.cache, on Windows LOCALAPPDATA. Null where there is none, where
 * MODELGATE_NO_CACHE is set, and in workflow runs: a runner is shared by jobs that do not trust each other.
 */
export function findCacheFolder({ environment }: Pick<Context, "environment">): string | null {
  if (environment[noCacheVariable] || environment["GITHUB_ACTIONS"] === "true") return null;
  const { XDG_CACHE_HOME: given, HOME: home, LOCALAPPDATA: local } = environment;
  const base = given || (home ? join(home, ".cache") : local);
  return base ? join(base, "modelgate", "answers") : null;
}

/**
 * Keeps answers as files of `folder`, readable by the user alone. `scope` is everything that may change an answer beside
 * its key (address, token); it goes into the files' names as a digest only. A file that is damaged counts as absent; of two
 * processes that write at once one wins. The oldest files go when there are more than 400.
 */
export function openFileCache(folder: string, scope: readonly string[]): AnswerCache {
  const fileOf = (key: string) => join(folder, `${sha256Hex(JSON.stringify([...scope, key]))}.json`);
  return {
    read: async (key) => {
      try {
        const { etag, text, sha256 } = Stored.parse(JSON.parse(await readFile(fileOf(key), "utf8")));
        return sha256 === sha256Hex(text) ? { etag, text } : null;
      } catch {
        return null;
      }
    },
    write: async (key, { etag, text }) => {
      if (text.length > largestBytes) return;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFileAtomically(fileOf(key), JSON.stringify({ etag, text, sha256: sha256Hex(text) }));
        await dropOldest(folder);
      } catch {
        // A full or read-only disk: the answer is not kept.
      }
    },
  };
}

async function dropOldest(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= mostFiles) return;
  const files = await Promise.all(
    names.map(async (name) => ({
      name,
      at: await stat(join(folder, name)).then(
        (found) => found.mtimeMs,
        () => 0,
      ),
    })),
  );
  files.sort((a, b) => a.at - b.at);
  for (const { name } of files.slice(0, names.length - mostFiles / 2)) await rm(join(folder, name), { force: true });
}
