// Inputs of the umbrella action.
import { z } from "zod";
import type { About } from "../metadata.ts";
import { commonInputs, list, registryInputs } from "../read-inputs.ts";

export const Inputs = z.object({
  ...commonInputs,
  ...registryInputs,
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

export const about: About = {
  name: "run",
  title: "Modelgate",
  description:
    "Trains, judges and shows what a change does to a model, in one job. For evidence that counts as attested use the reusable workflow.",
  outputs: {
    holds: "`true` when every judged model is shown to hold.",
    evidence: "Folder with `evidence.json`.",
    candidates: "Folder with one folder per model.",
  },
  permissions: { contents: "read", actions: "read", checks: "read", "pull-requests": "write" },
};
