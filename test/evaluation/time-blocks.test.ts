import { describe, expect, onTestFinished, test } from "vitest";
import { judge } from "../../src/evaluation/judge.ts";
import { layOutTime } from "../../src/evaluation/time-blocks.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { createFolder, type Folder } from "../cli/run-in-folder.ts";
import { makePredictions, makeRequest, makeRows } from "./example-models.ts";

const numbers = (values: readonly number[]) => ({
  rows: values.length,
  columns: new Map([["t", { name: "t", type: "numeric" as const, values: Float64Array.from(values) }]]),
});
const settings = { task: "regression", time: "t", blockLength: "auto", group: null } as const;

describe("the order and the blocks of rows that depend on time", () => {
  test("rows go by time, those of the same time as they come; a block is counted in points of time", () => {
    expect([...layOutTime(numbers([3, 1, 2, 1]), settings, "f").order!]).toEqual([1, 3, 2, 0]);
    const panel = numbers(Array.from({ length: 270 }, (_, row) => row % 27));
    expect(layOutTime(panel, settings, "f").blockLength).toBe(Math.round(1.5 * 3) * 10);
    expect(layOutTime(panel, { ...settings, blockLength: 7 }, "f").blockLength).toBe(70);
    expect(layOutTime(panel, { ...settings, blockLength: 1000 }, "f").blockLength).toBe(270);
  });

  test("there are none unless asked for, but for forecasts, and none beside groups", () => {
    const rows = numbers([2, 1, 3]);
    const nothing = { order: null, blockLength: null };
    expect(layOutTime(rows, { ...settings, blockLength: null }, "f")).toEqual(nothing);
    expect(layOutTime(rows, { ...settings, group: "g" }, "f")).toEqual(nothing);
    expect(layOutTime(rows, { ...settings, task: "forecast", blockLength: null }, "f").blockLength).toBe(2);
    expect(layOutTime(rows, { ...settings, time: null }, "f")).toEqual({ order: null, blockLength: 2 });
  });
});

/** Two classifiers whose hits come in runs: the state that decides who is right changes once in four rows. */
function drawSeries(seed: string, rows: number) {
  const random = createRandom(seed);
  let state = random.nextFloat();
  const labels = Array.from({ length: rows }, () => random.nextInteger(2));
  const states = labels.map(() => {
    if (random.nextFloat() < 0.25) state = random.nextFloat();
    return state;
  });
  const model = (right: (at: number) => boolean) =>
    labels.map((label, row) => (right(states[row]!) ? label : 1 - label));
  return { labels, baseline: model((at) => at < 0.8), candidate: model((at) => at > 0.2) };
}

test("blocks keep the promised rate of wrong alarms where single rows do not", () => {
  const rounds = 60;
  const flagged = (blockLength: number | null) =>
    Array.from({ length: rounds }, (_, round) => {
      const { labels, baseline, candidate } = drawSeries(`series ${round}`, 900);
      const models = { baseline: makePredictions(baseline), candidate: makePredictions(candidate) };
      const metrics = [{ kind: "built-in", id: "accuracy", params: {} } as const];
      const request = { rows: { ...makeRows("binary", labels), blockLength }, ...models };
      return judge(makeRequest(request, [], { metrics, seed: String(round) })).metrics[0]!.pValue! <= 0.05;
    }).filter(Boolean).length / rounds;
  const [single, blocks] = [flagged(null), flagged(30)];
  process.stdout.write(`equal models in runs of four rows: p <= 0.05 in ${single} by rows, ${blocks} by blocks\n`);
  expect(single).toBeGreaterThan(0.2);
  expect(blocks).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / rounds));
});

function createSeries(config: string): Folder {
  const folder = createFolder();
  onTestFinished(folder.remove);
  const { labels, baseline, candidate } = drawSeries("files", 400);
  const day = (row: number) => new Date(Date.UTC(2026, 0, 1) + row * 86_400_000).toISOString().slice(0, 10);
  const rows = labels.map((y, row) => ({ id: row, day: day(row), y, old: baseline[row]!, fresh: candidate[row]! }));
  const mixed = [...rows].sort((left, right) => ((left.id * 7919) % 401) - ((right.id * 7919) % 401));
  const write = (file: string, of: typeof rows, line: (one: (typeof rows)[number]) => string, head: string) =>
    folder.write(file, `${head}\n${of.map(line).join("\n")}\n`);
  for (const [name, of] of [
    ["", rows],
    ["mixed-", mixed],
  ] as const) {
    write(`${name}a.csv`, of, ({ id, day: at, y, old }) => `${id},${at},${y},${old}`, "id,day,y,prediction");
    write(`${name}b.csv`, of, ({ id, y, fresh }) => `${id},${y},${fresh}`, "id,y,prediction");
    write(`${name}judge.csv`, of, ({ day: at, y }) => `${at},${y}`, "day,y");
    write(`${name}old.csv`, of, ({ old }) => `${old}`, "prediction");
    write(`${name}new.csv`, of, ({ fresh }) => `${fresh}`, "prediction");
  }
  folder.write(".github/modelgate.yml", config);
  return folder;
}

const words = "--task binary --label y --prediction prediction --metric accuracy --json";

describe("through `compare` and `validate`", () => {
  test("`--time` resamples blocks, whatever the order of the files; without it each row is its own", async () => {
    const folder = createSeries("models: {}\n");
    const ask = async (files: string, more: string) =>
      JSON.parse((await folder.run(`compare ${files} ${words}${more}`)).stdout).metrics[0];
    const plain = await ask("--baseline a.csv --candidate b.csv", "");
    const blocks = await ask("--baseline a.csv --candidate b.csv", " --time day --block-length 30");
    expect(plain.test).toBe("mcnemar");
    expect(blocks.test).toBe("block-bootstrap");
    expect(blocks.difference).toBeCloseTo(plain.difference, 12);
    expect(blocks.interval[1] - blocks.interval[0]).toBeGreaterThan(1.3 * (plain.interval[1] - plain.interval[0]));
    expect(await ask("--baseline mixed-a.csv --candidate b.csv", " --time day --block-length 30")).toEqual(blocks);
  });

  test("`time` with `block-length` does in the config, also where predictions are matched by position", async () => {
    const config = (source: string, more: string) =>
      `models:\n  m:\n    task: binary\n    label: y\n    time: day\n${more}    data: { evaluation: ${source} }\n    metrics: [accuracy]\n    gates: [accuracy drop <= 5pp]\n`;
    const ask = async (prefix: string, more: string) => {
      const folder = createSeries(config(`${prefix}judge.csv`, more));
      const { stdout } = await folder.run(`validate m --candidate ${prefix}new.csv --baseline ${prefix}old.csv --json`);
      return JSON.parse(stdout).models[0].comparison.metrics[0];
    };
    const blocks = await ask("", "    block-length: 30\n");
    const mixed = await ask("mixed-", "    block-length: 30\n");
    expect(blocks.test).toBe("block-bootstrap");
    expect([mixed.test, mixed.baseline, mixed.candidate]).toEqual([
      "block-bootstrap",
      blocks.baseline,
      blocks.candidate,
    ]);
    // Another file is another seed, and little else.
    expect(mixed.interval[0]).toBeCloseTo(blocks.interval[0], 1);
    expect((await ask("", "")).test).toBe("mcnemar");
  });

  test.each([
    ["--time dya", /there is no column "dya" for the time[\s\S]*did you mean day/],
    ["--time day --group y", /means nothing beside --group/],
    ["--block-length -3", /the number does not fit/],
  ])("%s is an error", async (more, message) => {
    const folder = createSeries("models: {}\n");
    const { status, stderr } = await folder.run(
      `compare --baseline a.csv --candidate b.csv ${words.replace(" --json", "")} ${more}`,
    );
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  test("`block-length` beside `group` is an error of the config", async () => {
    const folder = createSeries("models:\n  m: { task: binary, label: y, group: day, block-length: auto }\n");
    const { status, stderr } = await folder.run("validate m --candidate new.csv");
    expect(stderr).toMatch(/block-length[\s\S]*means nothing beside `group`/);
    expect(status).toBe(2);
  });
});
