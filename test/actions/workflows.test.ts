// Every workflow of the project parses as GitHub parses it, asks for no permission it has no use for, and pins what it uses.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const folder = join(import.meta.dirname, "../../.github/workflows");
const names = readdirSync(folder).filter((name) => name.endsWith(".yml"));

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly if?: string;
  readonly steps?: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const read = (name: string) => readFileSync(join(folder, name), "utf8");
const load = (name: string) => parse(read(name)) as Workflow;
const stepsOf = (workflow: Workflow) => Object.values(workflow.jobs).flatMap((job) => job.steps ?? []);

describe.each(names)("%s", (name) => {
  test("parses without errors", async () => {
    const file = { name, content: read(name) };
    const { context, value } = parseWorkflow(file, new NoOperationTraceWriter());
    const template = value ? await convertWorkflowTemplate(context, value) : undefined;
    expect(context.errors.getErrors().map((error) => error.message)).toEqual([]);
    expect(template?.errors ?? []).toEqual([]);
  });

  test("pins foreign actions by a full SHA with the version beside it", () => {
    for (const line of read(name)
      .split("\n")
      .filter((text) => /^\s*(- )?uses:/.test(text))) {
      const own = /modelgate\/modelgate\/(actions|\.github\/workflows)\/[a-z-]+(\.yml)?@v1$/.test(line);
      expect(own || /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line), line).toBe(true);
    }
  });

  test("says its permissions, and puts no expression into a script", () => {
    const workflow = load(name);
    expect(workflow.permissions).toBeDefined();
    for (const step of stepsOf(workflow)) expect(step.run ?? "").not.toContain("${{");
  });

  test("is never triggered by pull_request_target", () => {
    expect(Object.keys(load(name).on)).not.toContain("pull_request_target");
  });
});

describe("pull-request.yml", () => {
  const { jobs } = load("pull-request.yml");

  test("only the training job checks out the head, and it can read, nothing more", () => {
    expect(jobs["train"]?.permissions).toEqual({ contents: "read" });
    expect(jobs["train"]?.steps?.[0]?.with).toMatchObject({ "persist-credentials": false });
    const heads = Object.entries(jobs).filter(([, job]) => JSON.stringify(job.steps).includes("pull_request.head"));
    expect(heads.map(([id]) => id)).toEqual(["train"]);
  });

  test("the gate always runs, for a skipped job would count as passed", () => {
    expect(jobs["report"]).toMatchObject({ name: "modelgate-gate", if: "$" + "{{ always() }}" });
  });
});
