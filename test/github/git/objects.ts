// Git objects of one bare repository, read and written as loose objects without starting a process; packed ones through git.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import { gitEnvironment } from "./environment.ts";

export type ObjectType = "blob" | "tree" | "commit" | "tag";

export interface GitObject {
  readonly type: ObjectType;
  readonly content: Buffer;
}

const maxPackedBytes = 1024 ** 3;

/** The object's name: the SHA-1 of its type, size and content. */
export function hashObject(type: ObjectType, content: Buffer): string {
  return createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex");
}

/** Writes the object unless it is there; returns its name. */
export function writeObject(folder: string, type: ObjectType, content: Buffer): string {
  const sha = hashObject(type, content);
  const file = loosePath(join(folder, "objects"), sha);
  if (existsSync(file)) return sha;
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(
    temporary,
    deflateSync(Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]), { level: 1 }),
    {
      mode: 0o444,
    },
  );
  renameSync(temporary, file);
  return sha;
}

/** The object, or undefined when the repository (with what it borrows from) has none of that name. */
export function readObject(folder: string, sha: string): GitObject | undefined {
  for (const objects of objectFolders(folder)) {
    const file = loosePath(objects, sha);
    if (existsSync(file)) return parseLoose(inflateSync(readFileSync(file)));
  }
  return readPacked(folder, sha);
}

export function hasObject(folder: string, sha: string): boolean {
  if (objectFolders(folder).some((objects) => existsSync(loosePath(objects, sha)))) return true;
  return readPacked(folder, sha) !== undefined;
}

/** The content of an object of this type; undefined when absent or of another type. */
export function readContent(folder: string, sha: string, type: ObjectType): Buffer | undefined {
  const object = readObject(folder, sha);
  return object?.type === type ? object.content : undefined;
}

/** Folders objects may lie in: the repository's own, then those it borrows from (a fork from its parent). */
function objectFolders(folder: string): string[] {
  const own = join(folder, "objects");
  const alternates = join(own, "info", "alternates");
  if (!existsSync(alternates)) return [own];
  const lines = readFileSync(alternates, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return [own, ...lines.flatMap((line) => objectFolders(dirname(resolve(own, line))))];
}

function loosePath(objects: string, sha: string): string {
  return join(objects, sha.slice(0, 2), sha.slice(2));
}

function parseLoose(data: Buffer): GitObject {
  const end = data.indexOf(0);
  const [type] = data.subarray(0, end).toString("latin1").split(" ");
  return { type: type as ObjectType, content: data.subarray(end + 1) };
}

function hasPacks(objects: string): boolean {
  const packs = join(objects, "pack");
  return existsSync(packs) && readdirSync(packs).some((name) => name.endsWith(".idx"));
}

function readPacked(folder: string, sha: string): GitObject | undefined {
  if (!objectFolders(folder).some(hasPacks)) return undefined;
  const output = execFileSync("git", ["-C", folder, "cat-file", "--batch"], {
    input: `${sha}\n`,
    maxBuffer: maxPackedBytes,
    stdio: ["pipe", "pipe", "ignore"],
    env: gitEnvironment(),
  });
  const end = output.indexOf(10);
  const [, type, size] = output.subarray(0, end).toString("latin1").split(" ");
  if (size === undefined) return undefined;
  return { type: type as ObjectType, content: output.subarray(end + 1, end + 1 + Number(size)) };
}
