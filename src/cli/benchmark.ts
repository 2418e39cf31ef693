// `modelgate benchmark`: compare the latency of two models, interleaved on this machine.
import { defineCommand } from "./command.ts";

export const benchmark = defineCommand({
  name: "benchmark",
  summary: "compare the latency of two models, interleaved on this machine",
  options: [
    { flags: "--candidate <path>", summary: "model file or folder (ONNX, TensorFlow.js)", required: true },
    { flags: "--baseline <path>", summary: "the model to compare with; without it nothing is decided" },
    { flags: "--data <file>", summary: "rows to predict (default: made up from the models' inputs)" },
    { flags: "--features <names>", summary: "columns in the order of a matrix input, separated by commas" },
    { flags: "--seconds <number>", summary: "how long to measure", default: "6" },
  ],
  examples: [
    "modelgate benchmark --candidate out/model.onnx --baseline production/model.onnx",
    "modelgate benchmark --candidate out/model.onnx --data data/customers.parquet --seconds 2",
  ],
  run: async (input, context) => {
    const { benchmark } = await import("../commands/benchmark.ts");
    const { candidate, baseline, data, features, seconds } = input.options;
    const text = (value: unknown) => (typeof value === "string" ? value : null);
    return benchmark(
      {
        candidate: String(candidate),
        baseline: text(baseline),
        data: text(data),
        features: text(features)?.split(",") ?? null,
        budgetSeconds: Number(seconds),
      },
      context,
    );
  },
});
