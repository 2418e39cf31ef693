// Commits and tags: parse, write, walk.
import { readContent, readObject, writeObject } from "./objects.ts";

/** `date`: ISO 8601 in UTC, to the second. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
  /** The text of its signature header and what was signed; null when it is unsigned. */
  readonly signature: { readonly text: string; readonly payload: string } | null;
}

export interface AnnotatedTag {
  readonly sha: string;
  readonly object: string;
  readonly type: string;
  readonly tag: string;
  readonly tagger: Person | null;
  readonly message: string;
}

/** Commits never change, and walking a long history page by page reads each of them often. */
const known = new Map<string, Commit>();
const knownLimit = 50_000;

export function readCommit(folder: string, sha: string): Commit | undefined {
  const key = `${folder} ${sha}`;
  const found = known.get(key) ?? parseCommit(folder, sha);
  if (found === undefined || known.has(key)) return found;
  if (known.size >= knownLimit) known.clear();
  known.set(key, found);
  return found;
}

function parseCommit(folder: string, sha: string): Commit | undefined {
  const content = readContent(folder, sha, "commit");
  if (content === undefined) return undefined;
  const { headers, message } = parse(content);
  const text = content.toString("utf8");
  const signed = /\ngpgsig ([^\n]*(?:\n [^\n]*)*)(?=\n)/.exec(text.slice(0, text.indexOf("\n\n") + 1));
  return {
    sha,
    tree: headers.get("tree")?.[0] ?? "",
    parents: headers.get("parent") ?? [],
    author: parsePerson(headers.get("author")?.[0] ?? ""),
    committer: parsePerson(headers.get("committer")?.[0] ?? ""),
    message,
    signature:
      signed === null
        ? null
        : { text: (signed[1] ?? "").replaceAll("\n ", "\n"), payload: text.replace(signed[0], "") },
  };
}

/** With `sign`, the commit carries the signature that it makes of the unsigned content. */
export function writeCommit(
  folder: string,
  commit: Omit<Commit, "sha" | "signature">,
  sign?: (payload: string) => string,
): string {
  const headers = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${renderPerson(commit.author)}`,
    `committer ${renderPerson(commit.committer)}`,
  ];
  const render = (lines: readonly string[]): string => [...lines, "", commit.message].join("\n");
  const signature = sign?.(render(headers)).replaceAll("\n", "\n ");
  const all = signature === undefined ? headers : [...headers, `gpgsig ${signature}`];
  return writeObject(folder, "commit", Buffer.from(render(all)));
}

export function readTag(folder: string, sha: string): AnnotatedTag | undefined {
  const content = readContent(folder, sha, "tag");
  if (content === undefined) return undefined;
  const { headers, message } = parse(content);
  const tagger = headers.get("tagger")?.[0];
  return {
    sha,
    object: headers.get("object")?.[0] ?? "",
    type: headers.get("type")?.[0] ?? "",
    tag: headers.get("tag")?.[0] ?? "",
    tagger: tagger === undefined ? null : parsePerson(tagger),
    message,
  };
}

export function writeTag(
  folder: string,
  tag: Omit<AnnotatedTag, "sha" | "tagger"> & { readonly tagger: Person },
): string {
  const lines = [
    `object ${tag.object}`,
    `type ${tag.type}`,
    `tag ${tag.tag}`,
    `tagger ${renderPerson(tag.tagger)}`,
    "",
    tag.message,
  ];
  return writeObject(folder, "tag", Buffer.from(lines.join("\n")));
}

/** The commit that an object stands for: itself, or what an annotated tag points to; undefined for anything else. */
export function peelToCommit(folder: string, sha: string): string | undefined {
  const object = readObject(folder, sha);
  if (object?.type === "commit") return sha;
  if (object?.type !== "tag") return undefined;
  const target = readTag(folder, sha)?.object;
  return target === undefined ? undefined : peelToCommit(folder, target);
}

/** Commits reachable from `sha`, newest first by committer date, parents never before their children on one line of descent. */
export function* walkHistory(folder: string, sha: string, stopAt: ReadonlySet<string> = new Set()): Generator<Commit> {
  const seen = new Set<string>([sha]);
  const first = readCommit(folder, sha);
  const queue: Commit[] = first === undefined || stopAt.has(sha) ? [] : [first];
  while (queue.length > 0) {
    let newest = 0;
    for (let index = 1; index < queue.length; index += 1) {
      if ((queue[index]?.committer.date ?? "") > (queue[newest]?.committer.date ?? "")) newest = index;
    }
    const [commit] = queue.splice(newest, 1);
    if (commit === undefined) return;
    yield commit;
    for (const parent of commit.parents) {
      if (seen.has(parent) || stopAt.has(parent)) continue;
      seen.add(parent);
      const next = readCommit(folder, parent);
      if (next !== undefined) queue.push(next);
    }
  }
}

/** Whether `ancestor` can be reached from `descendant` (a commit is its own ancestor). */
export function isAncestor(folder: string, ancestor: string, descendant: string): boolean {
  for (const commit of walkHistory(folder, descendant)) if (commit.sha === ancestor) return true;
  return false;
}

/**
 * The best common ancestor, or undefined for unrelated histories: one from which no other common ancestor descends. Times of commits
 * do not decide, since many are made in one second.
 */
export function mergeBase(folder: string, one: string, other: string): string | undefined {
  const ancestors = new Set<string>();
  for (const commit of walkHistory(folder, one)) ancestors.add(commit.sha);
  const candidates: string[] = [];
  const seen = new Set<string>([other]);
  for (let open = [other]; open.length > 0; ) {
    const sha = open.pop() ?? "";
    if (ancestors.has(sha)) {
      candidates.push(sha);
      continue;
    }
    const parents = (readCommit(folder, sha)?.parents ?? []).filter((parent) => !seen.has(parent));
    for (const parent of parents) seen.add(parent);
    open = [...open, ...parents];
  }
  return candidates.find(
    (candidate) => !candidates.some((better) => better !== candidate && isAncestor(folder, candidate, better)),
  );
}

/** Commits in `head` that `base` does not have, newest first. */
export function commitsBetween(folder: string, base: string, head: string): Commit[] {
  const known = new Set<string>();
  for (const commit of walkHistory(folder, base)) known.add(commit.sha);
  return [...walkHistory(folder, head, known)];
}

function parse(content: Buffer): { headers: Map<string, string[]>; message: string } {
  const text = content.toString("utf8");
  const end = text.indexOf("\n\n");
  const headers = new Map<string, string[]>();
  for (const line of text.slice(0, end < 0 ? text.length : end).split("\n")) {
    if (line.startsWith(" ")) continue;
    const space = line.indexOf(" ");
    const name = line.slice(0, space);
    headers.set(name, [...(headers.get(name) ?? []), line.slice(space + 1)]);
  }
  return { headers, message: end < 0 ? "" : text.slice(end + 2) };
}

function parsePerson(text: string): Person {
  const found = /^(.*?) ?<([^>]*)> (\d+) ([+-]\d{4})$/.exec(text);
  const seconds = Number(found?.[3] ?? 0);
  return {
    name: found?.[1] ?? "",
    email: found?.[2] ?? "",
    date: new Date(seconds * 1000).toISOString().replace(/\.000Z$/, "Z"),
  };
}

function renderPerson(person: Person): string {
  const clean = (text: string): string => text.replace(/[<>\n]/g, "");
  return `${clean(person.name)} <${clean(person.email)}> ${Math.floor(Date.parse(person.date) / 1000)} +0000`;
}
