// Git as the people of the story use it: a clone over HTTP with their token, branches, commits, pushes.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Author {
  readonly name: string;
  readonly email: string;
}

/** A work tree of one person. */
export class WorkTree {
  readonly folder: string;
  private readonly author: Author;
  private readonly date: () => Date;

  constructor(folder: string, author: Author, date: () => Date) {
    this.folder = folder;
    this.author = author;
    this.date = date;
  }

  /** Runs git in the work tree; throws with git's own message when it fails. */
  git(...words: string[]): string {
    const when = this.date().toISOString();
    return execFileSync("git", words, {
      cwd: this.folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"],
        HOME: this.folder,
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_TERMINAL_PROMPT: "0",
        GIT_AUTHOR_NAME: this.author.name,
        GIT_AUTHOR_EMAIL: this.author.email,
        GIT_COMMITTER_NAME: this.author.name,
        GIT_COMMITTER_EMAIL: this.author.email,
        GIT_AUTHOR_DATE: when,
        GIT_COMMITTER_DATE: when,
      },
    }).trim();
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** Replaces `before` (which must occur) in a file. */
  edit(path: string, before: string | RegExp, after: string): void {
    const text = this.read(path);
    const edited = text.replace(before, after);
    if (edited === text) throw new Error(`the story no longer fits: ${path} does not hold ${before}`);
    this.write(path, edited);
  }

  /** Commits everything and returns the sha. */
  commit(message: string): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", message);
    return this.git("rev-parse", "HEAD");
  }

  /** Starts a branch from the remote's `main`. */
  branch(name: string): void {
    this.git("fetch", "--quiet", "origin", "main");
    this.git("checkout", "--quiet", "-B", name, "origin/main");
  }

  push(branch: string): void {
    this.git("push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
  }
}

/** Puts the token into an HTTP address, as `git clone https://x-access-token:TOKEN@host/…` does. */
export function withToken(url: string, token: string): string {
  const address = new URL(url);
  address.username = "x-access-token";
  address.password = token;
  return address.href;
}
