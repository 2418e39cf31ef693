// Inputs of `train`.
import { z } from "zod";
import type { About } from "../metadata.ts";
import { commonInputs, list } from "../read-inputs.ts";

export const Inputs = z.object({
  ...commonInputs,
  models: list("Models to train, one per line or with commas. Default: those that the change concerns."),
  out: z.string().default("candidates").describe("Folder for the candidates, one folder per model."),
  variables: z
    .string()
    .optional()
    .describe(
      "Variables for the training program, one NAME=VALUE per line; the config's `env` says which are handed on.",
    ),
  artifact: z.string().default("modelgate-candidates").describe("Name of the artifact; `none` uploads nothing."),
});

export const about: About = {
  name: "train",
  title: "Modelgate: train",
  description:
    "Trains the models a change concerns and uploads candidates: model, run record, or why there is neither.",
  outputs: {
    models: "JSON list of the models that were to be trained.",
    candidates: "Folder with one folder per model.",
    "artifact-id": "Id of the uploaded artifact.",
  },
  permissions: { contents: "read" },
};
