// The command around the demo: what it passes on, what it says when the story stops, and that it refuses before it starts.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { demo } from "../../src/commands/demo.ts";
import { createFolder } from "../cli/run-in-folder.ts";

function prepare(program: string) {
  const folder = mkdtempSync(join(tmpdir(), "modelgate-demo-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "demo.mjs");
  writeFileSync(file, program);
  const told: string[] = [];
  const stop = new AbortController();
  const context = {
    folder,
    environment: { PATH: process.env["PATH"], GITHUB_TOKEN: "ghp_secret" },
    now: () => new Date(),
    progress: (line: string) => told.push(line),
    signal: stop.signal,
  };
  const play = (open: boolean) => demo({ open, program: file }, context);
  return { play, told, stop };
}

describe("modelgate demo", () => {
  test("tells the story as it happens, hands on no token, and says that it was played", async () => {
    const { play, told } = prepare('console.log("chapter 1", process.env.GITHUB_TOKEN, process.argv.slice(2))');
    expect(await play(false)).toMatchObject({ exitCode: 0, document: { kind: "demo", played: true, url: null } });
    expect(told).toEqual(["chapter 1 undefined []"]);
  });

  test("keeps serving with --open until it is asked to stop, and names the address", async () => {
    const { play, told, stop } = prepare(
      `console.log("Look around: http://127.0.0.1:9/o/rain   (Ctrl-C ends it)", process.argv[2]);
       process.on("SIGINT", () => process.exit(0)); setInterval(() => {}, 1000);`,
    );
    const playing = play(true);
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(1);
    stop.abort();
    expect((await playing).document.url).toBe("http://127.0.0.1:9/o/rain");
    expect(told[0]).toContain("--open");
  });

  test("says why when the story stops, or is not part of this installation", async () => {
    const { play } = prepare('console.error("the story stopped: no git"); process.exitCode = 1;');
    await expect(play(false)).rejects.toMatchObject({
      exitCode: 3,
      problems: [{ message: "the story stopped before its end", received: "the story stopped: no git" }],
    });
    const { stop } = prepare("");
    const context = { folder: "/", environment: {}, now: () => new Date(), progress: () => {}, signal: stop.signal };
    await expect(demo({ open: false, program: "./not-there.mjs" }, context)).rejects.toMatchObject({ exitCode: 2 });
  });

  test.each(["demo --repo o/r", "demo --config a.yml", "demo --fast", "demo now"])(
    "`%s` is refused before anything starts",
    async (words) => {
      const folder = createFolder();
      onTestFinished(folder.remove);
      const run = await folder.run(words);
      expect(run.status).toBe(2);
      expect(run.stderr).toMatch(/^error: /m);
    },
  );
});
