// Inputs of `validate`.
import { z } from "zod";
import type { About } from "../metadata.ts";
import { commonInputs, flag, list, registryInputs } from "../read-inputs.ts";

export const Inputs = z.object({
  ...commonInputs,
  ...registryInputs,
  models: list("Models to judge. Default: those a pull request concerns; without a pull request all."),
  candidates: z.string().optional().describe("Folder with the candidates. Default: the artifact of this workflow run."),
  out: z.string().default("evidence").describe("Folder for the evidence."),
  artifact: z.string().default("modelgate-evidence").describe("Name of the artifact; `none` uploads nothing."),
  "predictions-days": z.coerce
    .number()
    .int()
    .min(0)
    .max(90)
    .default(7)
    .describe("Days that the per-row predictions are kept, as the artifact `modelgate-predictions`; 0 keeps none."),
  "benchmark-seconds": z.coerce
    .number()
    .min(0)
    .max(3600)
    .default(3)
    .describe("Time for comparing latencies, per model; 0 leaves it out."),
  enforce: flag(true, "End with an error when a model is not shown to hold."),
});

export const about: About = {
  name: "validate",
  title: "Modelgate: validate",
  description:
    "Judges candidates by the config, data and gates of the checkout it stands in, beside the registry's baseline, and uploads the evidence.",
  outputs: {
    verdict: "`pass` or `not shown`.",
    holds: "`true` when every judged model is shown to hold or was accepted.",
    evidence: "Folder with `evidence.json`.",
    "evidence-sha256": "Digest of `evidence.json`: give it to `report` and `publish`, which then take no other.",
  },
  permissions: { contents: "read" },
};
