// Inputs of `promote`.
import { z } from "zod";
import type { About } from "../metadata.ts";
import { commonInputs, dispatchInputs, flag, registryInputs } from "../read-inputs.ts";

export const Inputs = z.object({
  ...commonInputs,
  ...registryInputs,
  ...dispatchInputs,
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

export const about: About = {
  name: "promote",
  title: "Modelgate: promote",
  description: "Takes versions through the stages, in their order, as far as the stages' rules allow.",
  outputs: {
    moved: "How many stages moved or held the version already.",
    held: "How many versions a rule held back.",
    document: "What happened, as JSON.",
  },
  permissions: { contents: "write" },
};
