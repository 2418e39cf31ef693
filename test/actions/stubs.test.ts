// Every action as GitHub runs it: the built stub as a process with INPUT_* and the runner's files.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startTestGitHub } from "../github/testing.ts";
import { makeWorkspace, runStub, workflowRun } from "./run-stub.ts";

const root = join(import.meta.dirname, "../..");
const names = readdirSync(join(root, "actions"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe.each(names)("the stub of %s", (name) => {
  test("outside a workflow says what is missing, in one line and without a stack", async () => {
    const { status, output } = await runStub(name, makeWorkspace({}), {
      reference: "a.csv",
      current: "b.csv",
      candidate: "m",
    });
    expect(status).toBe(1);
    expect(output).toMatch(/^::error title=Modelgate::GITHUB_REPOSITORY is not set/);
    expect(output).not.toMatch(/\n\s+at /);
  });
});

describe("drift", () => {
  const rows = (mean: (day: number) => number) =>
    `at,x,y\n${Array.from({ length: 4800 }, (_, i) => {
      const day = i % 24;
      return `2026-01-${String(day + 1).padStart(2, "0")},${mean(day) + (i % 211) / 60},${i % 7 === 0 ? "none" : (i * 31) % 97}\n`;
    }).join("")}`;

  test("takes what the command takes: windows that thresholds are learned from, ends of windows, missing cells", async () => {
    const workspace = makeWorkspace({ "year.csv": rows((day) => (day % 5) / 2), "now.csv": rows(() => 1.7) });
    const inputs = {
      reference: "year.csv",
      current: "now.csv",
      missing: "none",
      ignore: "at",
      "fail-on-drift": "false",
    };
    const plain = await runStub("drift", workspace, inputs, workflowRun(workspace));
    expect(plain.outputs.get("verdict"), plain.output).toBe("drift");
    const report = JSON.parse(plain.outputs.get("report") ?? "");
    expect(report.columns[1]).toMatchObject({ name: "y", type: "numeric", missing: { referenceRate: 686 / 4800 } });
    const windows = { ...inputs, time: "at", "reference-windows": "12", "current-to": "2026-01-20" };
    const learned = await runStub("drift", workspace, windows, workflowRun(workspace));
    expect(JSON.parse(learned.outputs.get("report") ?? "")).toMatchObject({
      referenceWindows: 12,
      current: { rows: 4000 },
    });
    const lacking = await runStub(
      "drift",
      workspace,
      { ...inputs, "current-to": "2026-01-20" },
      workflowRun(workspace),
    );
    expect(lacking.output).toContain("need --time");
  });
});

describe("train", () => {
  const config = (code: string) => `version: 1
models:
  rain:
    model: out/model.bin
    train: { command: [node, -e, ${JSON.stringify(code)}] }
  other:
    model: other/model.bin
`;

  test("leaves candidates and outputs, and copies a model that the repository holds", async () => {
    const code = 'require("fs").mkdirSync("out",{recursive:true});require("fs").writeFileSync("out/model.bin","bytes")';
    const workspace = makeWorkspace({ ".github/modelgate.yml": config(code), "other/model.bin": "committed" });
    const inputs = { models: "rain, other", artifact: "none", out: "candidates" };
    const run = await runStub("train", workspace, inputs, workflowRun(workspace));
    expect(run.output).not.toContain("::error");
    expect(run.status).toBe(0);
    expect(JSON.parse(run.outputs.get("models") ?? "")).toEqual(["rain", "other"]);
    expect(readFileSync(join(workspace, "candidates/rain/model/model.bin"), "utf8")).toBe("bytes");
    expect(existsSync(join(workspace, "candidates/rain/run-record.json"))).toBe(true);
    expect(readFileSync(join(workspace, "candidates/other/model/model.bin"), "utf8")).toBe("committed");
    expect(run.summary).toContain("rain: trained");
  });

  test("leaves the reason when the program fails, keeps secrets out of it, and fails the step", async () => {
    const code =
      'console.error("disk full, token " + (process.env.GITHUB_TOKEN ?? "none") + process.env.KEY);process.exit(3)';
    const text = config(code).replace("train: {", "train: { env: [KEY],");
    const workspace = makeWorkspace({ ".github/modelgate.yml": text });
    const inputs = {
      models: "rain",
      artifact: "none",
      "github-token": "ghs_verysecret",
      variables: "KEY=hunter2hunter2",
    };
    const run = await runStub("train", workspace, inputs, workflowRun(workspace));
    expect(run.status).toBe(1);
    const failure = readFileSync(join(workspace, "candidates/rain/failure.json"), "utf8");
    expect(failure).toContain("disk full");
    expect(failure).not.toContain("ghs_verysecret");
    expect(failure).not.toContain("hunter2hunter2");
    expect(run.output.replace(/^::add-mask::.*$/gm, "")).not.toMatch(/ghs_verysecret|hunter2hunter2/);
    expect(existsSync(join(workspace, "candidates/rain/model"))).toBe(false);
  });

  test("names an unknown model with its nearest neighbour, and every problem of the config with its line", async () => {
    const workspace = makeWorkspace({ ".github/modelgate.yml": config("0") });
    const unknown = await runStub("train", workspace, { models: "rein", artifact: "none" }, workflowRun(workspace));
    expect(unknown.output).toContain("did you mean `rain`");
    const broken = makeWorkspace({ ".github/modelgate.yml": "version: 1\nmodels:\n  rain:\n    taks: binary\n" });
    const wrong = await runStub("train", broken, { models: "rain", artifact: "none" }, workflowRun(broken));
    expect(wrong.output).toMatch(/::error title=Modelgate,file=[^,]*modelgate\.yml,line=4/);
    expect(wrong.status).toBe(1);
  });
});

describe("inputs", () => {
  test("that are wrong are named all together", async () => {
    const workspace = makeWorkspace({});
    const inputs = { comment: "maybe", "dry-run": "perhaps" };
    const { status, output } = await runStub("report", workspace, inputs, workflowRun(workspace));
    expect(status).toBe(1);
    expect(output).toContain("input `comment`");
    expect(output).toContain("input `dry-run`");
  });
});

describe("promote", () => {
  test("a missing permission is reported as the line to add, and nothing else is tried", async () => {
    const github = await startTestGitHub();
    const rules = [{ method: "*", path: "/repos/*", when: "before", status: 403 }];
    await fetch(`${github.url}/_local/faults`, {
      method: "POST",
      headers: { authorization: `Bearer ${github.token}`, "content-type": "application/json" },
      body: JSON.stringify(rules),
    });
    const workspace = makeWorkspace({ ".github/modelgate.yml": "version: 1\nmodels:\n  rain: {}\n" });
    const inputs = { model: "rain", version: "1.0.0", "github-token": github.token };
    const run = await runStub("promote", workspace, inputs, workflowRun(workspace, `${github.url}/api/v3`));
    expect(run.status).toBe(1);
    expect(run.output).toMatch(/permissions: \{ contents: (read|write) \}/);
    expect(run.output.replace(/^::add-mask::.*$/gm, "")).not.toContain(github.token);
  });
});
