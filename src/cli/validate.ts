// `modelgate validate MODEL --candidate PATH`.
import { defineCommand } from "./command.ts";

export const validate = defineCommand({
  name: "validate",
  summary: "judge a candidate by the model's gates and write the evidence",
  arguments: [{ name: "model", summary: "a model of the config", required: true }],
  options: [
    { flags: "--candidate <path>", summary: "what `train --out` left, or a model file or folder", required: true },
    { flags: "--baseline <path-or-version>", summary: "compare with this model on disk, stage or version" },
    { flags: "--out <folder>", summary: "where evidence.json goes", default: ".modelgate/evidence" },
  ],
  examples: [
    "modelgate validate churn --candidate out",
    "modelgate validate churn --candidate new.onnx --baseline old.onnx",
    "modelgate validate churn --candidate out --baseline 1.4.0 --json",
  ],
  async run(input, context) {
    const { validateLocally } = await import("../commands/validate-locally.ts");
    return validateLocally(
      {
        model: String(input.arguments[0]),
        candidate: String(input.options["candidate"]),
        baseline: input.options["baseline"] === undefined ? null : String(input.options["baseline"]),
        out: String(input.options["out"]),
        configFile: input.configFile,
        repository: input.repository,
      },
      context,
    );
  },
});
