import { describe, expect, it } from "vitest";
import { evaluateCondition, evaluateExpression } from "../github/actions/workflow/expressions.ts";
import { readStrategy } from "../github/actions/workflow/matrix.ts";
import { readWorkflow } from "../github/actions/workflow/parse-workflow.ts";
import { describeExcess, limitPermissions, makeReadOnly } from "../github/actions/workflow/permissions.ts";
import { evaluateStrings, evaluateTemplate } from "../github/actions/workflow/template.ts";
import { isTriggered } from "../github/actions/workflow/triggers.ts";
import type { Workflow } from "../github/actions/workflow/workflow.ts";

async function parse(content: string): Promise<Workflow> {
  const { workflow, problems } = await readWorkflow(".github/workflows/test.yml", content);
  expect(problems).toEqual([]);
  return workflow!;
}

const job = "jobs: { one: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] } }";

describe("a workflow file", () => {
  it("keeps what a run needs: permissions, needs, conditions, steps, time-outs, defaults", async () => {
    const workflow = await parse(`
name: Train
on: { pull_request: { branches: [main] }, schedule: [{ cron: '0 6 * * *' }] }
permissions: { contents: read, pull-requests: write }
defaults: { run: { working-directory: model } }
jobs:
  train:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    outputs: { version: "\${{ steps.make.outputs.version }}" }
    steps:
      - id: make
        run: echo version=1 >> "$GITHUB_OUTPUT"
      - uses: actions/upload-artifact@v4
        with: { name: "model-\${{ github.run_id }}", path: out }
  gate:
    needs: train
    if: \${{ github.event_name == 'pull_request' }}
    runs-on: ubuntu-latest
    steps: [{ run: exit 0 }]
`);
    expect(workflow.permissions).toEqual({ contents: "read", "pull-requests": "write" });
    expect(workflow.schedules).toEqual(["0 6 * * *"]);
    expect(workflow.runShell["working-directory"]).toBe("model");
    const { train, gate } = Object.fromEntries(workflow.jobs);
    expect(gate?.needs).toEqual(["train"]);
    expect(gate?.condition).toBe("success() && (github.event_name == 'pull_request')");
    expect(train?.work).toMatchObject({ kind: "steps", timeoutMinutes: 5 });
    const steps = train?.work.kind === "steps" ? train.work.steps : [];
    expect(steps.map((step) => step.work.kind)).toEqual(["run", "action"]);
    const upload = steps[1]?.work.kind === "action" ? steps[1].work.inputs : new Map();
    expect(evaluateStrings(upload, { contexts: { github: { run_id: "7" } } })).toEqual({
      name: "model-7",
      path: "out",
    });
  });

  it.each([
    ["an unknown key", `on: pusj\n${job}`, /pusj/],
    [
      "a need that does not exist",
      "on: push\njobs: { a: { needs: b, runs-on: x, steps: [{ run: x }] } }",
      /needs|depend/i,
    ],
    ["broken YAML", "on: [push\njobs:", /./],
    ["an unknown context", "on: push\njobs: { a: { runs-on: x, steps: [{ run: '${{ gitub.sha }}' }] } }", /gitub/],
    ["an empty file", "", /./],
  ])("with %s comes back with the problem, not an exception", async (_, content, message) => {
    const { workflow, problems } = await readWorkflow("w.yml", content);
    expect(workflow).toBeUndefined();
    expect(problems.join("\n")).toMatch(message);
  });
});

describe("expressions", () => {
  const contexts = {
    github: { event: { number: 3, labels: [{ name: "a" }, { name: "b" }] } },
    needs: { a: { result: "success" } },
  };
  it.each([
    ["github.event.number == 3", true],
    ["contains(github.event.labels.*.name, 'b')", true],
    ["format('{0}-{1}', 'x', 1)", "x-1"],
    ["fromJSON('[1,2]')[1]", 2],
    ["format('{0} ''a'' ''b''', 1)", "1 'a' 'b'"],
    ["github.nothing.at.all", null],
    ["needs.a.result != 'success' || 'fine'", "fine"],
    ["toJSON(needs.a)", '{\n  "result": "success"\n}'],
  ])("%s", (source, expected) => {
    expect(evaluateExpression(source, { contexts })).toEqual(expected);
  });

  it("knows how things went before", () => {
    const failed = { contexts, progress: { succeeded: false, failed: true, cancelled: false } };
    expect(
      ["success()", "failure()", "always()", "cancelled()"].map((source) => evaluateCondition(source, failed)),
    ).toEqual([...[false, true, true, false]]);
  });

  it("names itself when it does not parse", () => {
    expect(() => evaluateExpression("format(", { contexts })).toThrow(/`format\(`/);
  });

  it("treats text around an expression as one string", async () => {
    const workflow = await parse(`on: push\nenv: { A: "x-\${{ github.sha }}-{y}" }\n${job}`);
    expect(evaluateTemplate(workflow.env.get("A")!, { contexts: { github: { sha: "1" } } })).toBe("x-1-{y}");
  });
});

describe("triggers", () => {
  const cases: [string, string, Parameters<typeof isTriggered>[1], boolean][] = [
    ["any push", "push", { event: "push", branch: "main" }, true],
    ["an event without filters beside one with", "{ push: { branches: [x] }, issues: }", { event: "issues" }, true],
    ["another event", "push", { event: "issues" }, false],
    [
      "a branch that is listed",
      "{ push: { branches: ['release/**'] } }",
      { event: "push", branch: "release/1/x" },
      true,
    ],
    ["a branch that is not", "{ push: { branches: [main] } }", { event: "push", branch: "dev" }, false],
    ["a tag where branches are listed", "{ push: { branches: [main] } }", { event: "push", tag: "v1" }, false],
    [
      "an ignored branch",
      "{ push: { branches-ignore: ['modelgate/**'] } }",
      { event: "push", branch: "modelgate/ledger" },
      false,
    ],
    [
      "a path that is listed",
      "{ push: { paths: ['churn/**'] } }",
      { event: "push", branch: "m", paths: ["a", "churn/b"] },
      true,
    ],
    [
      "no path that is",
      "{ push: { paths: ['churn/**', '!churn/x'] } }",
      { event: "push", branch: "m", paths: ["churn/x"] },
      false,
    ],
    ["a pull request that is labelled, by default", "pull_request", { event: "pull_request", type: "labeled" }, false],
    [
      "a pull request that is labelled, when asked",
      "{ pull_request: { types: [labeled] } }",
      { event: "pull_request", type: "labeled" },
      true,
    ],
    [
      "the run of a named workflow",
      "{ workflow_run: { workflows: [Train], types: [completed] } }",
      { event: "workflow_run", type: "completed", workflowName: "Train" },
      true,
    ],
    [
      "the run of another",
      "{ workflow_run: { workflows: [Train], types: [completed] } }",
      { event: "workflow_run", type: "completed", workflowName: "Other" },
      false,
    ],
    ["a cron line of its own", "{ schedule: [{ cron: '0 6 * * *' }] }", { event: "schedule", cron: "0 6 * * *" }, true],
    ["another cron line", "{ schedule: [{ cron: '0 6 * * *' }] }", { event: "schedule", cron: "1 6 * * *" }, false],
  ];
  it.each(cases)("%s", async (_, on, facts, expected) => {
    expect(isTriggered(await parse(`on: ${on}\n${job}`), facts)).toBe(expected);
  });
});

describe("a matrix", () => {
  it("multiplies, leaves out, adds", () => {
    const { combinations } = readStrategy({
      matrix: {
        os: ["a", "b"],
        node: [20, 22],
        exclude: [{ os: "b", node: 20 }],
        include: [{ os: "a", extra: true }, { os: "c" }],
      },
    });
    expect(combinations).toEqual([
      { os: "a", node: 20, extra: true },
      { os: "a", node: 22, extra: true },
      { os: "b", node: 22 },
      { os: "c" },
    ]);
  });
});

describe("permissions", () => {
  it("only shrink on the way down, and a fork's only read", () => {
    const ceiling = { contents: "write", issues: "read" } as const;
    expect(limitPermissions({ contents: "write", issues: "write", checks: "read" }, ceiling)).toEqual({
      contents: "write",
      issues: "read",
    });
    expect(describeExcess({ issues: "write" }, ceiling)).toBe("'issues: write', but is only allowed 'issues: read'.");
    expect(describeExcess({ contents: "read" }, ceiling)).toBeUndefined();
    expect(makeReadOnly({ contents: "write", "id-token": "write" })).toEqual({ contents: "read" });
  });
});
