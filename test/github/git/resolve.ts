// From what people write for a commit to the commit.
import { execFileSync } from "node:child_process";
import { peelToCommit } from "./commits.ts";
import { gitEnvironment } from "./environment.ts";
import { readRef } from "./refs.ts";

/** A sha (also abbreviated), a branch, a tag, or the full name of a ref; undefined when nothing of the kind exists. */
export function resolveCommit(folder: string, text: string): string | undefined {
  if (/^[0-9a-f]{40}$/.test(text)) return peelToCommit(folder, text);
  for (const name of [`refs/heads/${text}`, `refs/tags/${text}`, text, `refs/${text}`]) {
    const sha = readRef(folder, name);
    if (sha !== undefined) return peelToCommit(folder, sha);
  }
  if (!/^[0-9a-f]{7,39}$/.test(text)) return undefined;
  try {
    const sha = execFileSync("git", ["-C", folder, "rev-parse", "--verify", "-q", `${text}^{commit}`], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: gitEnvironment(),
    });
    return sha.trim();
  } catch {
    return undefined;
  }
}
