// What `init` writes can be read, and grants exactly what the reusable workflows ask for.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configFileName, parseConfig } from "../../src/config/parse.ts";
import {
  createStarter,
  createStarterWorkflows,
  type StarterWorkflow,
  workflowPermissions,
} from "../../src/config/starter.ts";

const root = join(import.meta.dirname, "../..");

describe("starter workflows", () => {
  it.each(["pull-request", "main", "monitor"] as const)(
    "%s grants what its jobs need, no more",
    (name: StarterWorkflow) => {
      const reusable = parse(readFileSync(join(root, `.github/workflows/${name}.yml`), "utf8"));
      const needed = new Map<string, string>();
      for (const job of Object.values(reusable.jobs) as { permissions?: Record<string, string> }[]) {
        for (const [scope, level] of Object.entries(job.permissions ?? {})) {
          if (needed.get(scope) !== "write") needed.set(scope, level);
        }
      }
      expect(workflowPermissions[name]).toEqual(Object.fromEntries([...needed].sort()));
      const starter = createStarterWorkflows("main").find(({ path }) => path.endsWith(`modelgate-${name}.yml`));
      expect(parse(starter?.text ?? "").jobs.modelgate.permissions).toEqual(workflowPermissions[name]);
    },
  );

  it("takes a default branch of any name", () => {
    const [, main] = createStarterWorkflows("release/2.x #1");
    expect(parse(main?.text ?? "").on.push.branches).toEqual(["release/2.x #1"]);
  });
});

describe("the starter config", () => {
  it("can be read, whatever was found", () => {
    const column = fc.string({ minLength: 1, maxLength: 30 }).filter((text) => !/\p{Cc}/u.test(text));
    const task = fc.constantFrom("binary", "multiclass", "regression", "ranking", "forecast", "score", null);
    const path = fc.constantFrom("train.py", "src/train.mjs", "a b/train.py");
    const data = fc.record({
      source: fc.constantFrom("data/a.csv", "a b.parquet", "über.csv"),
      columns: fc.constant([]),
      label: fc.option(column),
      time: fc.option(column),
      id: fc.option(column),
      task,
      evaluationFrom: fc.option(fc.constant("2026-01-01")),
    });
    fc.assert(
      fc.property(fc.option(data), fc.option(path), (found, trainScript) => {
        const distinct = found && new Set([found.label, found.time, found.id]).size === 3 ? found : null;
        const usable = distinct && (distinct.evaluationFrom === null || distinct.time !== null) ? distinct : null;
        const [config] = createStarter({
          name: "m",
          defaultBranch: "main",
          data: usable,
          trainScript,
          requirements: null,
          model: null,
        });
        const model = parseConfig(config?.text ?? "", configFileName).models.get("m");
        expect(model?.label).toBe(usable?.label ?? null);
        expect(model?.time).toBe(usable?.time ?? null);
      }),
    );
  });
});
