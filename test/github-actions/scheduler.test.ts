import { describe, expect, it } from "vitest";
import { createConcurrencyGroups } from "../github/actions/scheduler/concurrency.ts";
import type { Frame, JobOutcome, JobPort } from "../github/actions/scheduler/frame.ts";
import { createJobSlots } from "../github/actions/scheduler/job-slots.ts";
import { runJobs } from "../github/actions/scheduler/run-jobs.ts";
import { readWorkflow } from "../github/actions/workflow/parse-workflow.ts";
import { allPermissions, defaultPermissions } from "../github/actions/workflow/permissions.ts";

interface Walked {
  readonly outcomes: Readonly<Record<string, JobOutcome["result"]>>;
  /** Names of jobs that ran, in the order in which they started. */
  readonly ran: readonly string[];
  readonly messages: readonly string[];
  readonly permissions: ReadonlyMap<string, unknown>;
}

/** Walks jobs whose names say how they end: those that contain "bad" fail. */
async function walk(jobs: string, more: { head?: string; cancelAt?: string } = {}): Promise<Walked> {
  const { workflow, problems } = await readWorkflow("w.yml", `on: push\n${more.head ?? ""}\njobs:\n${jobs}`);
  expect(problems).toEqual([]);
  const cancel = new AbortController();
  const ran: string[] = [];
  const messages: string[] = [];
  const permissions = new Map<string, unknown>();
  const port: JobPort = {
    contexts: { github: { event_name: "push" }, vars: {} },
    runJob: async (job) => {
      ran.push(job.name);
      permissions.set(job.name, job.permissions);
      if (job.name === more.cancelAt) cancel.abort();
      await new Promise((resolve) => setTimeout(resolve, job.name.includes("slow") ? 30 : 1));
      if (job.signal.aborted) return { result: "cancelled", outputs: {} };
      return { result: job.name.includes("bad") ? "failure" : "success", outputs: { name: job.name } };
    },
    recordJob: (_key, _name, _result, message) => {
      if (message !== undefined) messages.push(message);
    },
    loadWorkflow: async () => {
      throw new Error("workflow was not found");
    },
    enterGroup: createConcurrencyGroups().enter,
  };
  const frame: Frame = {
    workflow: workflow!,
    source: { repository: "o/r", sha: "0" },
    namePrefix: "",
    inputs: {},
    secrets: {},
    ceiling: allPermissions,
    inherited: defaultPermissions,
    depth: 1,
    signal: cancel.signal,
  };
  const outcomes = await runJobs(frame, port);
  return {
    outcomes: Object.fromEntries([...outcomes].map(([key, { result }]) => [key, result])),
    ran,
    messages,
    permissions,
  };
}

const steps = "runs-on: x, steps: [{ run: 'true' }]";

describe("jobs along their needs", () => {
  it("wait for what they need; a failure skips what follows, but not what asks for it", async () => {
    const { outcomes, ran } = await walk(`
  bad: { ${steps} }
  after: { needs: bad, ${steps} }
  later: { needs: after, ${steps} }
  gate: { needs: [bad, after], if: always(), ${steps} }
  alarm: { needs: after, if: failure(), ${steps} }
  calm: { needs: bad, if: "!cancelled() && needs.bad.result == 'failure'", ${steps} }`);
    expect(outcomes).toEqual({
      ...{ bad: "failure", after: "skipped", later: "skipped", gate: "success", alarm: "success", calm: "success" },
    });
    expect(ran[0]).toBe("bad");
  });

  it("that are skipped skip what needs them, as on GitHub, though nothing failed", async () => {
    const { outcomes } = await walk(`
  never: { if: "false", ${steps} }
  after: { needs: never, ${steps} }
  gate: { needs: never, if: "!failure() && !cancelled()", ${steps} }`);
    expect(outcomes).toEqual({ never: "skipped", after: "skipped", gate: "success" });
  });

  it("that are tolerated fail without stopping others", async () => {
    const { outcomes } = await walk(`
  bad: { continue-on-error: true, ${steps} }
  after: { needs: bad, ${steps} }`);
    expect(outcomes).toEqual({ bad: "success", after: "success" });
  });

  it("are cancelled with their run; only what is always run still does", async () => {
    const { outcomes } = await walk(
      `
  first: { ${steps} }
  second: { needs: first, ${steps} }
  report: { needs: second, if: cancelled(), ${steps} }`,
      { cancelAt: "first" },
    );
    expect(outcomes).toMatchObject({ first: "cancelled", second: "cancelled" });
    expect(outcomes["report"]).toBe("success");
  });

  it("of a matrix stop each other when one fails, unless told otherwise", async () => {
    const matrix = (failFast: boolean): string =>
      `\n  all: { strategy: { fail-fast: ${failFast}, max-parallel: 2, matrix: { kind: [bad, slow] } }, ${steps} }`;
    expect((await walk(matrix(true))).outcomes).toEqual({ all: "failure" });
    expect((await walk(matrix(false))).ran).toEqual(["all (bad)", "all (slow)"]);
  });

  it("get the rights of job, workflow or default, in that order", async () => {
    const { permissions } = await walk(
      `
  plain: { ${steps} }
  own: { permissions: { issues: write }, ${steps} }
  none: { permissions: {}, ${steps} }`,
      { head: "permissions: { contents: write }" },
    );
    expect(Object.fromEntries(permissions)).toEqual({
      plain: { contents: "write" },
      own: { issues: "write" },
      none: {},
    });
    expect((await walk(`\n  plain: { ${steps} }`)).permissions.get("plain")).toEqual({
      contents: "read",
      packages: "read",
    });
  });

  it("that call a workflow which is not there, or evaluate nonsense, fail with the reason", async () => {
    const { outcomes, messages } = await walk(`
  call: { uses: ./.github/workflows/none.yml }
  odd: { strategy: { matrix: "\${{ fromJSON('nonsense') }}" }, ${steps} }`);
    expect(outcomes).toEqual({ call: "failure", odd: "failure" });
    expect([...messages].sort().join("\n")).toMatch(/fromJSON[\s\S]*workflow was not found/);
  });
});

describe("slots and groups", () => {
  it("run two at once and the rest in turn", async () => {
    const slots = createJobSlots(2);
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await Promise.all(
      Array.from({ length: 7 }, (_, index) =>
        slots.use(async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          done.push(index);
        }),
      ),
    );
    expect(most).toBe(2);
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("of a group one runs, one waits, and a newer one takes the place of the waiting one", async () => {
    const groups = createConcurrencyGroups();
    const told: string[] = [];
    const leave = await groups.enter("g", false, () => told.push("first cancelled"));
    const second = groups.enter("g", false, () => told.push("second cancelled")).then(() => told.push("second in"));
    const third = groups.enter("g", false, () => told.push("third cancelled"));
    await second;
    expect(told).toEqual(["second cancelled", "second in"]);
    leave();
    (await third)();
    await groups.enter("g", true, () => undefined);
    expect(told).toHaveLength(2);
  });

  it("cancels what is running when the newer one asks for it", async () => {
    const groups = createConcurrencyGroups();
    let cancelled = false;
    const leave = await groups.enter("g", true, () => {
      cancelled = true;
      leave();
    });
    (await groups.enter("g", true, () => undefined))();
    expect(cancelled).toBe(true);
  });
});
