// `modelgate monitor` as a person runs it, against a local GitHub: every way of comparing that the config knows.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import type { Findings, ModelFindings } from "../../src/evidence/findings.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { type LocalRegistry, startLocalRegistry } from "../commands/local-registry.ts";
import { describeWithClickHouse } from "../data/local-clickhouse.ts";
import { createFolder, type Folder } from "./run-in-folder.ts";

const random = createRandom("monitor");
const day = (index: number): string => new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10);

interface Drawn {
  readonly days: readonly [number, number];
  readonly perDay: number;
  /** Correlation of x and y. */
  readonly tied?: number;
  readonly shift?: number;
  /** How far whole days move together. */
  readonly swing?: number;
  readonly letters?: boolean;
  readonly vector?: number;
}

/** JSON Lines of day, user, x, y, plan, code (text), v (a vector), e_0, e_1. */
function draw({ days, perDay, tied = 0, shift = 0, swing = 0, letters = false, vector = 0 }: Drawn): string {
  const rows: string[] = [];
  for (let at = days[0]; at < days[1]; at++) {
    const mean = swing * random.nextNormal();
    for (let i = 0; i < perDay; i++) {
      const x = random.nextNormal();
      const pick = (from: string): string => Array.from({ length: 6 }, () => from[random.nextInteger(10)]).join("");
      rows.push(
        JSON.stringify({
          day: day(at),
          x: x + shift + mean,
          y: tied * x + Math.sqrt(1 - tied * tied) * random.nextNormal(),
          plan: ["basic", "plus", "pro"][random.nextInteger(3)],
          code: `#${pick(letters ? "abcdefghij" : "0123456789")}`,
          v: [0, 1, 2].map(() => random.nextNormal() + vector),
          e_0: random.nextNormal() + vector,
          e_1: random.nextNormal() + vector,
        }),
      );
    }
  }
  return rows.join("\n");
}

const config = (features: string, monitor: string, predictions = "now.jsonl", data = "before.jsonl"): string =>
  `version: 1
models:
  m:
    time: day
    features: [${features}]
    data: { source: "${data}", evaluation: { share: 0.2 } }
    monitor:
      window: 20d
      reference: training
      predictions: { source: "${predictions}", time: day }
${monitor === "" ? "" : `      ${monitor}\n`}`;

describe("modelgate monitor", () => {
  let registry: LocalRegistry;
  let folder: Folder;
  beforeAll(async () => {
    registry = await startLocalRegistry();
    folder = createFolder();
    folder.write("before.jsonl", draw({ days: [0, 60], perDay: 20 }));
    folder.write("now.jsonl", draw({ days: [60, 80], perDay: 20 }));
  });
  afterAll(async () => {
    folder.remove();
    await registry.stop();
  });

  async function run(yaml: string, options = ""): Promise<{ status: number; problem: string; found: ModelFindings }> {
    folder.write(".github/modelgate.yml", yaml);
    const { GITHUB_API_URL = "", GITHUB_TOKEN = "" } = registry.context.environment;
    const environment = { GITHUB_API_URL, GITHUB_TOKEN, GITHUB_REPOSITORY: registry.repository };
    const ran = await folder.run(`monitor m --json${options}`, environment);
    const document = JSON.parse(ran.stdout) as Findings & {
      readonly problems?: readonly { readonly message: string }[];
    };
    const problem = document.problems?.[0]?.message ?? "";
    return { status: ran.status, problem, found: (document.models?.[0] ?? document) as ModelFindings };
  }

  it("finds nothing where nothing moved, and looks at the newest window only", async () => {
    const { status, found } = await run(config("x, y, plan", ""));
    expect(found).toMatchObject({ decision: "ok", rows: 400, window: { from: day(60), to: day(79) }, findings: [] });
    expect(status).toBe(0);
  });

  it("`multivariate` finds a correlation that no column shows, and tells which columns", async () => {
    folder.write("tied.jsonl", draw({ days: [60, 80], perDay: 60, tied: 0.9 }));
    const quiet = await run(config("x, y, plan", "", "tied.jsonl"));
    expect(quiet.found).toMatchObject({ decision: "ok", findings: [] });
    const { status, found } = await run(config("x, y, plan", "multivariate: true", "tied.jsonl"));
    expect(found).toMatchObject({ driftVerdict: "drift", decision: "warn" });
    expect(found.reason).toMatch(/driven by [xy], [xy]|principal components/);
    expect(status).toBe(1);
  });

  it("`embeddings` and lists of numbers are compared as vectors; texts by the characters they hold", async () => {
    folder.write("vectors.jsonl", draw({ days: [60, 80], perDay: 20, vector: 1.5 }));
    const both = await run(config("v, e_0, e_1", "embeddings: [e_]", "vectors.jsonl"));
    const told = both.found.findings.map(({ summary }) => summary).join();
    expect(told).toContain("the vectors of v moved by");
    expect(told).toContain("the vectors of e_ moved by");
    expect(both.status).toBe(1);
    folder.write("letters.jsonl", draw({ days: [60, 80], perDay: 20, letters: true }));
    const texts = await run(config("code, x", "", "letters.jsonl"));
    expect(texts.found).toMatchObject({ driftVerdict: "drift", findings: [{ kind: "drift", subject: "code" }] });
    expect(texts.found.findings[0]?.summary).toContain("latin letters in 100.0 % of the texts");
  });

  it("`whole-days` takes days that move together for what they are, and `reference-windows` learns it", async () => {
    folder.write("swinging.jsonl", draw({ days: [0, 96], perDay: 8, swing: 1.5 }));
    folder.write("one-swing.jsonl", draw({ days: [96, 116], perDay: 8, swing: 1.5, shift: 0.5 }));
    const yaml = (monitor: string) => config("x, y", monitor, "one-swing.jsonl", "swinging.jsonl");
    const plain = await run(yaml(""));
    expect(plain.found.driftVerdict).toBe("drift");
    const days = await run(yaml("whole-days: true"));
    expect(days.found).toMatchObject({ decision: "ok", driftVerdict: "inconclusive" });
    const learned = await run(yaml("reference-windows: 12"));
    expect(learned.found.driftVerdict).not.toBe("drift");
    folder.write("gone-far.jsonl", draw({ days: [96, 116], perDay: 8, swing: 1.5, shift: 8 }));
    const far = await run(config("x, y", "reference-windows: 12", "gone-far.jsonl", "swinging.jsonl"));
    expect(far.found.driftVerdict).toBe("drift");
    const farDays = await run(config("x, y", "whole-days: true", "gone-far.jsonl", "swinging.jsonl"));
    expect(farDays.found.driftVerdict).toBe("drift");
  });

  it("calls too few rows insufficient, and says what is wrong with a window that cannot be had", async () => {
    folder.write("few.jsonl", draw({ days: [60, 61], perDay: 49, shift: 3 }));
    const few = await run(config("x, y", "", "few.jsonl"), " --fail-on insufficient");
    expect(few.found).toMatchObject({ driftVerdict: "insufficient" });
    expect(few.status).toBe(1);
    for (const [lines, words] of [
      ['{"day":"soon","x":1,"y":2}\n{"day":"later","x":1,"y":3}', "holds no times"],
      ['{"at":"2024-03-01","x":1,"y":2}', 'no column "day"'],
    ] as const) {
      folder.write("odd.jsonl", lines);
      const odd = await run(config("x, y", "", "odd.jsonl"));
      expect(odd.status).toBe(2);
      expect(odd.problem).toContain(words);
    }
  });
});

describeWithClickHouse("modelgate monitor of tables in ClickHouse", 1, (servers) => {
  let registry: LocalRegistry;
  beforeAll(async () => {
    registry = await startLocalRegistry();
    const [server] = servers();
    for (const [name, drawn] of [
      ["trained", { days: [0, 60], perDay: 20 }],
      ["predicted", { days: [60, 80], perDay: 20 }],
      ["moved", { days: [60, 80], perDay: 60, shift: 1, tied: 0.9, letters: true }],
    ] as const) {
      await server?.run(
        `CREATE TABLE ${name} (day Date, x Float64, y Float64, plan String, code String) ENGINE = MergeTree(day, day, 8192)`,
      );
      const rows = draw(drawn)
        .split("\n")
        .map((line) => {
          const { day: at, x, y, plan, code } = JSON.parse(line) as Record<string, unknown>;
          return JSON.stringify({ day: at, x, y, plan, code });
        });
      await server?.run(`INSERT INTO ${name} FORMAT JSONEachRow`, rows.join("\n"));
    }
  });
  afterAll(() => registry.stop());

  async function run(predictions: string, monitor: string) {
    const [server] = servers();
    const at = (table: string): string => `clickhouse://${server?.host}/default/${table}?timeout=30`;
    writeFileSync(
      join(registry.folder, "modelgate.yml"),
      config("x, y, plan, code", monitor, at(predictions), at("trained")),
    );
    let stdout = "";
    const status = await runProgram(
      ["monitor", "m", "--json", "--config", join(registry.folder, "modelgate.yml"), "--repo", registry.repository],
      registry.context,
      {
        stdout: (text) => {
          stdout += text;
        },
        stderr: () => {},
      },
      "0.0.0",
    );
    return { status, document: JSON.parse(stdout) as Findings };
  }

  it("finds nothing where nothing moved", async () => {
    const { status, document } = await run("predicted", "multivariate: true");
    expect(document.models).toMatchObject([{ decision: "ok", rows: 400, window: { from: day(60), to: day(79) } }]);
    expect(status).toBe(0);
  });

  it("finds moved numbers, texts of other characters and rows as a whole; whole days; learned thresholds", async () => {
    const { status, document } = await run("moved", "multivariate: true");
    const [found] = document.models;
    expect(found?.findings.map(({ subject }) => subject)).toEqual(expect.arrayContaining(["x", "code"]));
    expect(found?.reason).toMatch(/classifier|principal components/);
    expect(status).toBe(1);
    expect((await run("moved", "whole-days: true")).document.models[0]?.driftVerdict).toBe("drift");
    expect((await run("moved", "reference-windows: 8")).document.models[0]?.driftVerdict).toBe("drift");
  });

  it("of a server that is down ends with 3, and never with a verdict", async () => {
    const { status, document } = await run("predicted", "");
    expect([status, document.kind]).toEqual([0, "findings"]);
    writeFileSync(
      join(registry.folder, "modelgate.yml"),
      config("x", "", "clickhouse://127.0.0.1:1/default/predicted", "clickhouse://127.0.0.1:1/default/trained"),
    );
    let stdout = "";
    const io = {
      stdout: (text: string) => {
        stdout += text;
      },
      stderr: () => {},
    };
    const words = [
      "monitor",
      "m",
      "--json",
      "--config",
      join(registry.folder, "modelgate.yml"),
      "--repo",
      registry.repository,
    ];
    expect(await runProgram(words, registry.context, io, "0.0.0")).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ kind: "error" });
  });
});
