import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { JobResult } from "../github/actions/runner/order.ts";
import { runJob } from "../github/actions/runner/run-job.ts";
import { readWorkflow } from "../github/actions/workflow/parse-workflow.ts";

const folder = mkdtempSync(join(tmpdir(), "runner-"));
const repository = join(folder, "tools.git");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A repository of actions at the tag v1: one in JavaScript with a post step, one composite. */
function makeActions(): void {
  const tree = join(folder, "tools");
  const write = (name: string, content: string): void => {
    mkdirSync(join(tree, name, ".."), { recursive: true });
    writeFileSync(join(tree, name), content);
  };
  write(
    "greet/action.yml",
    "name: Greet\ndescription: x\ninputs: { who to greet: { description: x, default: nobody } }\nruns: { using: node24, main: ../dist/main.cjs, post: ../dist/post.cjs }\n",
  );
  write(
    "dist/main.cjs",
    `const fs = require("node:fs");
fs.appendFileSync(process.env.GITHUB_OUTPUT, "greeting=Hello " + process.env.INPUT_WHO_TO_GREET + "\\n");
fs.appendFileSync(process.env.GITHUB_STATE, "kept=42\\n");
console.log("results at " + process.env.ACTIONS_RESULTS_URL);
console.log("::warning file=a.py,line=3,title=Careful::first%0Asecond");`,
  );
  write("dist/post.cjs", `console.log("post sees " + process.env.STATE_kept);`);
  write(
    "twice/action.yml",
    `name: Twice
description: x
inputs: { word: { description: x, required: true } }
outputs: { both: { description: x, value: "\${{ steps.join.outputs.both }}" } }
runs:
  using: composite
  steps:
    - id: join
      run: echo "both=\${{ inputs.word }}\${{ inputs.word }}" >> "$GITHUB_OUTPUT"
      shell: bash
`,
  );
  const git = (...words: string[]): void => void execFileSync("git", ["-C", tree, ...words], { stdio: "pipe" });
  execFileSync("git", ["init", "--quiet", "--initial-branch=main", tree]);
  git("add", ".");
  git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", "Actions");
  git("tag", "v1");
  execFileSync("git", ["clone", "--quiet", "--bare", tree, repository], { stdio: "pipe" });
}
makeActions();

interface Ending extends JobResult {
  readonly log: string;
}

/** Runs the job `one` of a workflow on a runner that has no server beside it. */
async function run(steps: string, more: { job?: string; cancelAfterMs?: number } = {}): Promise<Ending> {
  const { workflow, problems } = await readWorkflow(
    "w.yml",
    `on: push\nenv: { LEVEL: workflow }\njobs:\n  one:\n    runs-on: x\n${more.job ?? ""}\n    steps:\n${steps.replace(/^/gm, "      ")}`,
  );
  expect(problems).toEqual([]);
  const work = workflow?.jobs.get("one")?.work;
  if (workflow === undefined || work?.kind !== "steps") throw new Error("no steps");
  const cancel = new AbortController();
  const timer = setTimeout(() => cancel.abort(), more.cancelAfterMs ?? 25_000);
  const result = await runJob(
    {
      ...{ runId: 1, jobId: 2, jobName: "one", jobKey: "one" },
      github: { repository: "o/r", ref: "refs/heads/main", sha: "0".repeat(40), event: { number: 5 }, actor: "mona" },
      contexts: { inputs: {}, needs: {}, matrix: { depth: 3 } },
      secrets: { KEY: "s3cret-value" },
      token: "ghs_token",
      runtimeToken: "runtime",
      workflowEnv: workflow.env,
      workflowRunShell: workflow.runShell,
      steps: work,
      signal: cancel.signal,
      stopping: new AbortController().signal,
      onProgress: () => undefined,
    },
    {
      url: "http://127.0.0.1:9",
      displayUrl: "http://github.localhost:9",
      nodePath: process.execPath,
      workFolder: join(folder, "work"),
      actionsFolder: join(folder, "actions"),
      toolCache: join(folder, "tool-cache"),
      environment: { PATH: process.env["PATH"], GITHUB_TOKEN: "the server's own" },
      now: () => new Date(),
      findRepository: (name) => (name === "modelgate/tools" ? repository : undefined),
    },
  );
  clearTimeout(timer);
  const log = result.steps.flatMap((step) => step.log.map((line) => line.text)).join("\n");
  return { ...result, log };
}

describe("a job on the runner", () => {
  it("hands on outputs, variables and paths, shows the event, and leaves no folder behind", async () => {
    const ended = await run(
      `- id: make
  run: |
    echo "plain=1" >> "$GITHUB_OUTPUT"
    printf 'long<<EOF\\na\\nb\\nEOF\\n' >> "$GITHUB_OUTPUT"
    echo "LATER=yes" >> "$GITHUB_ENV"
    mkdir bin && printf '#!/bin/sh\\necho from-path' > bin/tool && chmod +x bin/tool && echo "$PWD/bin" >> "$GITHUB_PATH"
    echo "# Sum" >> "$GITHUB_STEP_SUMMARY"
- run: |
    echo "$LATER $LEVEL \${{ steps.make.outputs.plain }} \${{ matrix.depth }} \${{ github.event.number }} $(tool)"
    echo "token=\${GITHUB_TOKEN-none} event=$(cat "$GITHUB_EVENT_PATH" | tr -d ' \\n')"`,
      { job: "    outputs: { all: '${{ steps.make.outputs.long }}' }" },
    );
    expect(ended.conclusion).toBe("success");
    expect(ended.outputs).toEqual({ all: "a\nb" });
    expect(ended.log).toContain("yes workflow 1 3 5 from-path");
    expect(ended.log).toContain('token=none event={"number":5}');
    expect(ended.steps[0]?.summary).toBe("# Sum\n");
    expect(readdirSync(join(folder, "work"))).toEqual([]);
  });

  it("masks secrets, what is masked later, and drops outputs that hold one", async () => {
    const ended = await run(
      `- id: leak
  run: |
    echo "key \${{ secrets.KEY }} token \${{ github.token }}"
    echo "::add-mask::hush"
    echo "say hush"
    echo "bad=s3cret-value" >> "$GITHUB_OUTPUT"`,
      { job: "    outputs: { bad: '${{ steps.leak.outputs.bad }}', good: fine }" },
    );
    expect(ended.log).not.toMatch(/s3cret|ghs_token/);
    expect(ended.log).toContain("say ***");
    expect(ended.log).toContain("key *** token ***");
    expect(ended.outputs).toEqual({ good: "fine" });
  });

  it("stops after a failure but for what asks otherwise", async () => {
    const ended = await run(`- run: exit 3
- run: echo never
- if: failure()
  run: echo cleanup
- if: always()
  run: echo always
- if: cancelled()
  run: echo cancelled`);
    expect(ended.conclusion).toBe("failure");
    expect(ended.steps.map((step) => step.conclusion)).toEqual(["failure", "skipped", "success", "success", "skipped"]);
    expect(ended.annotations.map((annotation) => annotation.message)).toEqual(["Process completed with exit code 3."]);
  });

  it("goes on where a failure is tolerated, and remembers it", async () => {
    const ended = await run(`- id: weak
  continue-on-error: true
  run: exit 1
- run: echo "\${{ steps.weak.outcome }} \${{ steps.weak.conclusion }}"`);
    expect(ended.conclusion).toBe("success");
    expect(ended.log).toContain("failure success");
  });

  it("runs a JavaScript action of a repository at a ref, its defaults, state and post step", async () => {
    const ended = await run(`- id: greet
  uses: modelgate/tools/greet@v1
  with: { who to greet: Ada }
- run: echo "\${{ steps.greet.outputs.greeting }}; results=\${ACTIONS_RESULTS_URL-none}"`);
    expect(ended.log).toContain("Hello Ada; results=none");
    expect(ended.log).toContain("results at http://127.0.0.1:9/");
    expect(ended.steps.map((step) => step.name)).toContain("Post Greet");
    expect(ended.log).toContain("post sees 42");
    expect(ended.annotations[0]).toMatchObject({ level: "warning", message: "first\nsecond", file: "a.py", line: 3 });
  });

  it("runs a composite action with its own inputs and outputs", async () => {
    const ended = await run(`- id: twice
  uses: modelgate/tools/twice@v1
  with: { word: ha }
- run: echo "got \${{ steps.twice.outputs.both }}"`);
    expect(ended.log).toContain("got haha");
  });

  it.each([
    ["an unknown ref", "modelgate/tools/greet@v9", /unable to find version/],
    ["an unknown repository", "someone/else@v1", /repository not found/],
    ["a folder without an action", "modelgate/tools/dist@v1", /action\.yml/],
    ["a path out of the workspace", "./../../x", /leaves the workspace/],
  ])("fails the step with a message for %s", async (_, uses, message) => {
    const ended = await run(`- uses: ${uses}`);
    expect(ended.conclusion).toBe("failure");
    expect(ended.annotations[0]?.message).toMatch(message);
  });

  it("ends programs that run past the step's limit, with everything they started", async () => {
    const ended = await run(`- timeout-minutes: 0.01
  run: |
    (sleep 60; touch ${folder}/survived) &
    sleep 60`);
    expect(ended.conclusion).toBe("failure");
    expect(existsSync(join(folder, "survived"))).toBe(false);
  });

  it("is cancelled from outside; what is always run still runs", async () => {
    const ended = await run(`- run: sleep 60\n- if: always()\n  run: echo last words`, { cancelAfterMs: 500 });
    expect(ended.conclusion).toBe("cancelled");
    expect(ended.steps.map((step) => step.conclusion)).toEqual(["cancelled", "success"]);
  });
});
