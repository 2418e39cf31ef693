// Inputs of `promote`.
import { z } from "zod";
import { commonInputs, flag } from "../read-inputs.ts";

export const Inputs = z.object({
  ...commonInputs,
  versions: z
    .string()
    .optional()
    .describe('What `publish` put out: JSON `[{"model":"churn","version":"1.2.0"}]`. Else `model` and `version`.'),
  model: z.string().optional().describe("One model; with `version`."),
  version: z.string().optional().describe("The version to promote."),
  "up-to": z.string().optional().describe("The last stage to go to. Default: as far as the rules allow."),
  reason: z.string().optional().describe("Kept in the ledger."),
  "dry-run": flag(false, "Say what would move and write nothing."),
});
