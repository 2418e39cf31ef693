// Inputs of `publish`.
import { z } from "zod";
import type { About } from "../metadata.ts";
import { commonInputs, flag, registryInputs } from "../read-inputs.ts";

export const Inputs = z.object({
  ...commonInputs,
  ...registryInputs,
  candidates: z.string().optional().describe("Folder with the candidates. Default: the artifact of this workflow run."),
  evidence: z.string().optional().describe("Folder with `evidence.json`. Default: the artifact of this workflow run."),
  "evidence-sha256": z
    .string()
    .regex(/^([0-9a-f]{64})?$/)
    .optional()
    .describe("The output of the job that ran `validate` (or `adopt`): other evidence is refused."),
  "adopted-run": z
    .string()
    .regex(/^\d*$/)
    .optional()
    .describe(
      "The output `run` of the job that ran `adopt`: evidence and candidates are those of that run. Empty = of this run.",
    ),
  "dry-run": flag(false, "Say what would be published and write nothing."),
});

export const about: About = {
  name: "publish",
  title: "Modelgate: publish",
  description:
    "Publishes the models that this workflow run judged, from the very bytes it judged, as releases with an entry in the ledger.",
  outputs: { versions: "JSON list of `{model, version}`.", published: "How many." },
  permissions: { contents: "write", issues: "write" },
};
