// Inputs of `benchmark`.
import { z } from "zod";
import type { About } from "../metadata.ts";
import { flag, list } from "../read-inputs.ts";

export const Inputs = z.object({
  candidate: z.string().describe("The model to measure: file or folder."),
  baseline: z.string().optional().describe("A model to measure beside it, in turns."),
  data: z.string().optional().describe("Rows to predict. Default: made-up ones."),
  features: list("Order of the inputs, for models with one matrix."),
  seconds: z.coerce.number().min(0.5).max(3600).default(6).describe("Time for measuring."),
  enforce: flag(true, "End with an error on a regression."),
});

export const about: About = {
  name: "benchmark",
  title: "Modelgate: benchmark",
  description: "Compares the latency of two models side by side on this machine, in turns, with an interval.",
  outputs: {
    outcome: "`regression`, `improvement`, `unchanged`, `noisy` or `unpaired`.",
    benchmark: "The whole result as JSON.",
  },
  permissions: { contents: "read" },
  example: { candidate: "out/model.onnx", baseline: "production/model.onnx" },
};
