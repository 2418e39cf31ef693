// What is believed: attested only when no code of the pull request could have written the evidence.
import { describe, expect, test } from "vitest";
import { decideBelief, type Provenance } from "../../src/evidence/belief.ts";

const workflow =
  "on: pull_request\njobs:\n  gate:\n    uses: modelgate/modelgate/.github/workflows/pull-request.yml@v1\n";
const attested: Provenance = {
  changedPaths: ["model/train.py"],
  workflowOnBase: workflow,
  publisher: "modelgate/modelgate",
  validateJob: { conclusion: "success", startedAt: "2026-01-01T00:01:00Z", completedAt: "2026-01-01T00:02:00Z" },
  otherJobs: [{ startedAt: "2026-01-01T00:00:00Z", completedAt: "2026-01-01T00:01:00Z" }],
  artifactCreatedAt: "2026-01-01T00:01:30Z",
  isolation: "separate-jobs",
  namesItsRun: true,
  ranProposedCode: false,
};

describe("decideBelief", () => {
  test("attests what the reusable workflow's validating job made", () => {
    expect(decideBelief(attested)).toEqual({ level: "attested", reasons: [], changesWorkflows: false });
    const pinned = workflow.replace("@v1", `@${"0".repeat(40)}`);
    expect(decideBelief({ ...attested, workflowOnBase: pinned }).level).toBe("attested");
  });

  test.each<[string, Partial<Provenance>, RegExp]>([
    ["a changed workflow", { changedPaths: [".github/workflows/gate.yml"] }, /changes what runs/],
    ["a changed local action", { changedPaths: [".github/actions/x/index.js"] }, /changes what runs/],
    ["a workflow in other case", { changedPaths: [".GitHub/Workflows/gate.yml"] }, /changes what runs/],
    ["files that could not be listed", { changedPaths: null }, /could not be read/],
    [
      "a job of the caller's own that was at work beside it",
      { otherJobs: [{ startedAt: "2026-01-01T00:01:10Z", completedAt: "2026-01-01T00:01:40Z" }] },
      /Another job/,
    ],
    [
      "a job that does not end",
      { otherJobs: [{ startedAt: "2026-01-01T00:01:10Z", completedAt: null }] },
      /Another job/,
    ],
    ["evidence that names no workflow run", { namesItsRun: false }, /which workflow run/],
    ["one job", { isolation: "one-job" }, /one job/],
    ["a predict program", { ranProposedCode: true }, /made the predictions/],
    ["a workflow that is not on base", { workflowOnBase: null }, /does not have the workflow/],
    ["a workflow that calls nothing of ours", { workflowOnBase: "jobs: {}" }, /does not call/],
    [
      "somebody else's workflow of the same name",
      { workflowOnBase: workflow.replace("modelgate/", "evil/") },
      /does not call/,
    ],
    ["a branch instead of a release", { workflowOnBase: workflow.replace("@v1", "@main") }, /not a release/],
    ["a text that is no workflow", { workflowOnBase: ": [" }, /does not call/],
    ["no validating job", { validateJob: null }, /no validating job/],
    [
      "a validating job that failed",
      { validateJob: { ...attested.validateJob!, conclusion: "failure" } },
      /did not succeed/,
    ],
    ["an artifact from before the job", { artifactCreatedAt: "2026-01-01T00:00:59Z" }, /not made while/],
    ["an artifact from long after", { artifactCreatedAt: "2026-01-01T00:10:00Z" }, /not made while/],
    ["an artifact without a time", { artifactCreatedAt: null }, /not made while/],
  ])("does not attest with %s", (_, change, reason) => {
    const belief = decideBelief({ ...attested, ...change });
    expect(belief.level).toBe("self-reported");
    expect(belief.reasons.join(" ")).toMatch(reason);
  });
});
