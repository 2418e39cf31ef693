import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { train } from "../../src/commands/train.ts";
import { readTable } from "../../src/data/read-table.ts";
import { withTemporaryFolder } from "../../src/host/temporary-folder.ts";
import { openModel } from "../../src/runtimes/open-model.ts";
import { createContext } from "../training/test-context.ts";

const python = spawnSync("/usr/bin/python3", ["-c", "import sklearn, onnx"], { encoding: "utf8" });
const missing = python.status !== 0;
if (missing) {
  const reason = python.error?.message ?? python.stderr.trim().split("\n").at(-1);
  process.stderr.write(`SKIPPED: the Python example needs Debian's python3-sklearn and python3-onnx (${reason})\n`);
}

describe.skipIf(missing)("the Python example", () => {
  it("trains scikit-learn through the command trainer, and its ONNX file says what scikit-learn says", async () => {
    await withTemporaryFolder(async (folder) => {
      cpSync("examples/python", folder, { recursive: true });
      const context = createContext(folder);
      const { document } = await train({ model: "tumour", out: "run", configFile: undefined }, context);
      expect(document).toMatchObject({ trainer: "command", seed: 3, exitCode: 0 });
      expect(document.data.map(({ rows }) => rows)).toEqual([326, 243]);
      expect(document.metrics["train_log_loss"]).toBeLessThan(0.2);
      expect(document.peakMemoryBytes).toBeGreaterThan(20e6);
      const check = await readTable(join(folder, "run/check.csv"), {}, context);
      const data = await readTable(join(folder, "data/tumours.csv"), {}, context);
      const model = await openModel("run/model/tumour.onnx", { task: "binary", withheld: ["malignant"] }, context);
      const predicted = (await model.predict(data)).columns.get("prediction")!;
      await model.dispose();
      const ids = check.columns.get("id")!.values;
      const known = check.columns.get("prediction")!.values as Float64Array;
      const gaps = [...known].map((value, row) => Math.abs(value - predicted[Number(ids[row]) - 1]!));
      expect(gaps).toHaveLength(243);
      expect(Math.max(...gaps)).toBeLessThan(1e-5);
    });
  });
});
