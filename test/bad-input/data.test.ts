// Data that is wrong, through every command that reads it; nothing of it becomes green, and nothing is written.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createRepository, rows, trainModel } from "./example.ts";
import { expectClean, expectFailure, secret } from "./expect-failure.ts";

interface Case {
  readonly name: string;
  readonly content: string | null;
  readonly message: RegExp;
}

/** Wrong for whoever reads the file. */
const unreadable: readonly Case[] = [
  { name: "missing", content: null, message: /judge\.csv: there is no such file/ },
  { name: "empty", content: "", message: /judge\.csv: the file is empty/ },
  { name: "header only", content: "id,x,y\n", message: /judge\.csv: has a header and no rows/ },
  { name: "ragged", content: "id,x,y\n1,2,0\n2,3\n", message: /judge\.csv:3: the row has 2 cells, the header has 3/ },
];

/** Wrong for whoever judges with it. */
const unfit: readonly Case[] = [
  { name: "a NaN label", content: rows.replace(",1\n", ",NaN\n"), message: /y: a label is missing[\s\S]*row 2/ },
  { name: "NaN labels only", content: rows.replace(/,[01]$/gm, ",NaN"), message: /label/ },
  { name: "no label column", content: rows.replace(/,\w+$/gm, ""), message: /no column "y" for the label/ },
  { name: "no feature column", content: rows.replace(/^(\w+),\w+,/gm, "$1,"), message: /no column "x"/ },
  { name: "text in a numeric column", content: rows.replace("r1,7,", "r1,seven,"), message: /takes numbers/ },
  { name: "a third class", content: rows.replace(",1\n", ",2\n"), message: /3 classes[\s\S]*multiclass/ },
];

let model: Buffer;
beforeAll(async () => {
  model = await trainModel();
});

describe.each([...unreadable, ...unfit])("evaluation data: $name", ({ content, message }) => {
  it("ends validate, with no evidence", async () => {
    const folder = createRepository({ "judge.csv": content, "new.onnx": model });
    onTestFinished(folder.remove);
    await expectFailure(folder, "validate m --candidate new.onnx", { status: 2, message });
  });
});

describe.each(unreadable)("a file that is $name", ({ content, message }) => {
  const folder = createRepository({ "judge.csv": content });
  afterAll(folder.remove);

  it.each([
    "train m --out run",
    "expect m",
    "gates plan m",
    "lock m",
    "drift --reference train.csv --current judge.csv",
    "compare --baseline judge.csv --candidate train.csv --task binary --label y --prediction x",
  ])("ends `%s`", async (command) => {
    await expectFailure(folder, command, { status: 2, message });
  });
});

it("one class only: no verdict of a gate is a pass", async () => {
  const folder = createRepository({ "judge.csv": rows.replace(/,1$/gm, ",0"), "new.onnx": model });
  onTestFinished(folder.remove);
  const { status, stdout } = await folder.run("validate m --candidate new.onnx --json");
  expect(status).toBe(1);
  expect(JSON.parse(stdout).models[0]).toMatchObject({
    verdict: "inconclusive",
    comparison: { gates: [{ outcome: "inconclusive", reason: expect.stringContaining("no rows") }] },
  });
});

it("infinity among the features of the training", async () => {
  const folder = createRepository({ "train.csv": rows.replace("r1,7,", "r1,1e999,") });
  onTestFinished(folder.remove);
  const message = /x: the feature is not a finite number[\s\S]*Infinity in data row 2/;
  await expectFailure(folder, "train m --out run", { status: 2, message });
});

it("no rows are no rows that hold, unless an expectation says that there may be none", async () => {
  const folder = createRepository({ "judge.csv": "id,x,y\n" });
  onTestFinished(folder.remove);
  folder.write(".github/modelgate.yml", "models: { m: { expect: [{ rows: [0, null] }] } }\n");
  expect((await folder.run("expect m --data judge.csv")).status).toBe(0);
});

describe("an address", () => {
  it.each([
    ["none at all", "https://", /not an address/],
    ["with a password in it", `https://user:${secret}@example.org/x.csv`, /may not hold a user or a password/],
    ["not encrypted", `http://example.org/x.csv?token=${secret}`, /not encrypted/],
    ["of a kind that is not read", `postgres://user:${secret}@db/rows`, /sources of this kind are not read/],
    ["on s3 without a file", "s3://bucket", /does not end like a data file/],
  ])("%s is refused without its secret", async (_, source, message) => {
    const folder = createRepository();
    onTestFinished(folder.remove);
    await expectFailure(folder, `profile ${source}`, { status: 2, message });
  });

  it("that nobody answers at: the network failed, and the signature stays unsaid", async () => {
    const folder = createRepository();
    onTestFinished(folder.remove);
    const run = await folder.run(`profile http://127.0.0.1:1/x.csv?X-Amz-Signature=${secret}`);
    expect(run.status).toBe(3);
    expect(run.stderr).toContain("http://127.0.0.1:1/x.csv: could not be fetched after 3 attempts");
    expectClean(run);
  });
});
