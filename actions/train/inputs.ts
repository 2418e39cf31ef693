// Inputs of `train`.
import { z } from "zod";
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
