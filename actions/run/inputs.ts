// Inputs of the umbrella action.
import { z } from "zod";
import { commonInputs, list } from "../read-inputs.ts";

export const Inputs = z.object({
  ...commonInputs,
  models: list("Models to train and judge. Default: those that the change concerns."),
  variables: z
    .string()
    .optional()
    .describe(
      "Variables for the training program, one NAME=VALUE per line; the config's `env` says which are handed on.",
    ),
  comment: z.enum(["auto", "always", "never"]).default("auto").describe("Write the sticky comment; see `report`."),
  publisher: z
    .string()
    .default("modelgate/modelgate")
    .describe("OWNER/NAME of the repository whose reusable workflows are believed."),
});
