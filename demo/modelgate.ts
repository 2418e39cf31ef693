// The `modelgate` command as people of the story type it: a process with their token.
import { execFile } from "node:child_process";
import { join } from "node:path";
import type { Person, World } from "./world.ts";

/** Runs one command in the owner's clone and returns its JSON document; throws with what it said when it could not. */
export function runModelgate(
  world: World,
  person: Person,
  ...words: readonly string[]
): Promise<Record<string, unknown>> {
  const { owner, name } = world.repository;
  const program = join(world.root, "bin/modelgate.mjs");
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [program, ...words, "--repo", `${owner}/${name}`, "--json"],
      {
        cwd: world.clone.folder,
        maxBuffer: 64 * 2 ** 20,
        env: { PATH: process.env["PATH"], GITHUB_API_URL: world.github.url, GITHUB_TOKEN: person.token },
      },
      (error, stdout, stderr) => {
        try {
          const document = JSON.parse(stdout) as Record<string, unknown>;
          if (error && document["kind"] === "error") {
            const problems = document["problems"] as { message: string }[];
            reject(new Error(`modelgate ${words.join(" ")}: ${problems.map((problem) => problem.message).join("; ")}`));
          } else resolve(document);
        } catch {
          reject(new Error(`modelgate ${words.join(" ")} printed no JSON: ${stdout}${stderr}`));
        }
      },
    );
  });
}
