import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { train } from "../../src/commands/train.ts";
import { InputError, type ModelgateError, RefusedError } from "../../src/errors.ts";
import { withTemporaryFolder } from "../../src/host/temporary-folder.ts";
import { createContext, renderConfig, writeFiles } from "./test-context.ts";

const data = "id,x,y\na,1,0\nb,2,1\nc,3,0\nd,4,1\n";
const writeModel = `require("node:fs").mkdirSync("out", { recursive: true }); require("node:fs").writeFileSync("out/m.bin", "model");`;

/** Trains the model `m` with a node program and gives what happened to `check`. */
async function trainWith(
  program: string,
  check: (result: { error: ModelgateError | null; folder: string; lines: string[] }) => void,
  {
    train: trainLine = `train: { command: ["${process.execPath}", train.cjs], params: { depth: 6 }, seed: 42 }`,
    files = {},
  } = {},
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const config = renderConfig(
      "model: out/m.bin",
      "task: binary",
      "label: y",
      "data: { train: rows.csv, evaluation: judge.csv }",
      trainLine,
    );
    writeFiles(folder, {
      ".github/modelgate.yml": config,
      "rows.csv": data,
      "judge.csv": data,
      "train.cjs": program,
      ...files,
    });
    const lines: string[] = [];
    const error = await train({ model: "m", out: "run", configFile: undefined }, createContext(folder, lines)).then(
      () => null,
      (thrown: ModelgateError) => thrown,
    );
    check({ error, folder, lines });
    if (error) expect(readdirSync(folder)).not.toContain("run.draft");
  });
}

describe("the contract with a training program", () => {
  it("hands over data, seed and parameters, and keeps what comes back", async () => {
    const program = `
      const { MODELGATE_OUT, MODELGATE_TRAIN_DATA, MODELGATE_EVALUATION_DATA, ...rest } = process.env;
      const fs = require("node:fs");
      ${writeModel}
      fs.writeFileSync(MODELGATE_OUT + "/metrics.json", JSON.stringify({ map50: 0.41 }));
      console.log(JSON.stringify(fs.readFileSync(MODELGATE_TRAIN_DATA, "utf8")));
      console.log(JSON.stringify(fs.readFileSync(MODELGATE_EVALUATION_DATA, "utf8")));
      console.log(rest.MODELGATE_MODEL, rest.MODELGATE_SEED, rest.MODELGATE_PARAMS);`;
    await trainWith(program, ({ error, folder, lines }) => {
      expect(error).toBeNull();
      const [trainRows, evaluationRows, rest] = lines.slice(-3);
      expect(trainRows).toBe(JSON.stringify("id,x,y\na,1.0,0.0\nb,2.0,1.0\nc,3.0,0.0\nd,4.0,1.0\n"));
      expect(evaluationRows).toBe(JSON.stringify("id,x\na,1.0\nb,2.0\nc,3.0\nd,4.0\n"));
      expect(rest).toBe('m 42 {"depth":6}');
      expect(readFileSync(join(folder, "run/model/m.bin"), "utf8")).toBe("model");
      const record = JSON.parse(readFileSync(join(folder, "run/run-record.json"), "utf8"));
      expect(record).toMatchObject({
        kind: "run-record",
        model: "m",
        trainer: "command",
        params: { depth: 6 },
        seed: 42,
        exitCode: 0,
        features: ["x"],
        metrics: { map50: 0.41 },
        code: { sha: null, dirty: false },
        data: [
          { name: "train", source: "rows.csv", window: null, rows: 4, columns: ["id", "x", "y"] },
          { name: "evaluation", source: "judge.csv", rows: 4 },
        ],
        outputs: [{ path: "m.bin", bytes: 5 }],
      });
    });
  });

  it.each([
    [
      "exits with another status",
      "console.log('epoch 1'); console.error('Traceback: no GPU'); process.exit(3)",
      "exited with status 3",
      "no GPU",
    ],
    ["is killed", "process.kill(process.pid, 'SIGKILL')", "was killed by SIGKILL", "no output"],
    ["writes no model", "console.log('done')", "wrote no model", ""],
    ["writes an empty model", writeModel.replace('"model"', '""'), "wrote an empty model", ""],
    [
      "writes NaN among its metrics",
      `${writeModel} require("node:fs").writeFileSync(process.env.MODELGATE_OUT + "/metrics.json", '{"loss": NaN}')`,
      "metrics that are not finite numbers",
      '"loss": NaN',
    ],
    [
      "writes text among its metrics",
      `${writeModel} require("node:fs").writeFileSync(process.env.MODELGATE_OUT + "/metrics.json", '{"loss": "low"}')`,
      "metrics that are not finite numbers",
      "",
    ],
  ])("fails the run when it %s", async (_, program, message, received) => {
    await trainWith(program, ({ error, folder }) => {
      expect(error).toBeInstanceOf(RefusedError);
      expect(error?.message).toContain(message);
      expect(error?.problems[0].received ?? "").toContain(received);
      expect(existsSync(join(folder, "run"))).toBe(false);
    });
  });

  it("fails the run when the program is not found", async () => {
    await trainWith(
      "",
      ({ error }) => {
        expect(error?.message).toBe("the training program was not found");
        expect(error?.exitCode).toBe(1);
      },
      { train: "train: { command: [no-such-program-here, x] }" },
    );
  });

  it("fails the run when the program hangs past its limit", async () => {
    await trainWith(
      "console.log('working'); setInterval(() => {}, 1000)",
      ({ error }) => {
        expect(error?.message).toBe("the training program did not end within its limit of 5 s and was killed");
        expect(error?.problems[0].received).toContain("working");
      },
      { train: `train: { command: ["${process.execPath}", train.cjs], timeout: 5s }` },
    );
  });

  it("does not take the model of an earlier run for a new one", async () => {
    await withTemporaryFolder(async (folder) => {
      const config = renderConfig(
        "model: out/m.bin",
        "task: binary",
        "label: y",
        `train: { command: ["${process.execPath}", "-e", ""] }`,
      );
      writeFiles(folder, { ".github/modelgate.yml": config, "out/m.bin": "old" });
      utimesSync(join(folder, "out/m.bin"), 1e9, 1e9);
      const run = train({ model: "m", out: "run", configFile: undefined }, createContext(folder));
      await expect(run).rejects.toThrow("left the model as it was before");
    });
  });

  it("replaces the results of an earlier run, and nothing else", async () => {
    await withTemporaryFolder(async (folder) => {
      const config = renderConfig("model: out/m.bin", `train: { command: ["${process.execPath}", train.cjs] }`);
      writeFiles(folder, { ".github/modelgate.yml": config, "train.cjs": writeModel, "precious/thesis.txt": "x" });
      writeFiles(folder, { "run/failure.json": "{}" });
      const context = createContext(folder);
      await train({ model: "m", out: "run", configFile: undefined }, context);
      writeFileSync(join(folder, "run/old.txt"), "");
      await train({ model: "m", out: "run", configFile: undefined }, context);
      expect(readdirSync(join(folder, "run")).sort()).toEqual(["metrics.json", "model", "run-record.json"]);
      await expect(train({ model: "m", out: "precious", configFile: undefined }, context)).rejects.toThrow(InputError);
      await expect(train({ model: "m", out: ".", configFile: undefined }, context)).rejects.toThrow(InputError);
      expect(existsSync(join(folder, "precious/thesis.txt"))).toBe(true);
    });
  });
});

describe("data that cannot be learned from", () => {
  const builtIn = "train: { trainer: tfjs }";
  it.each([
    ["one class only", { "rows.csv": "id,x,y\na,1,0\nb,2,0\n" }, builtIn, "one class only"],
    [
      "a label that is missing",
      { "rows.csv": "id,x,y\na,1,0\nb,2,\nc,3,1\n" },
      builtIn,
      "the label is missing in 1 of 3",
    ],
    [
      "a feature named as the output",
      { "rows.csv": "id,prediction,y\na,1,0\nb,2,1\n" },
      builtIn,
      "cannot be an input of its own",
    ],
    ["the label among the features", {}, `features: [x, y]\n    ${builtIn}`, "label"],
    ["no label column", { "rows.csv": "id,x\na,1\nb,2\n" }, builtIn, "no label column"],
    ["a feature without a value", { "rows.csv": "id,x,y\na,,0\nb,,1\n" }, builtIn, "no value in any training row"],
    ["parameters nobody knows", {}, "train: { trainer: tfjs, params: { depth: 3 } }", "does not take this"],
    ["a trainer nobody knows", {}, "train: { trainer: xgboost }", "trainer"],
  ])("is said: %s", async (_, files, trainLine, message) => {
    await trainWith(
      "",
      ({ error }) => {
        expect(error).toBeInstanceOf(InputError);
        expect(error?.problems.map((problem) => problem.message).join("; ")).toContain(message);
      },
      { train: trainLine, files },
    );
  });
});
