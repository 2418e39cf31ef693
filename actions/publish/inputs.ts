// Inputs of `publish`.
import { z } from "zod";
import { commonInputs, flag } from "../read-inputs.ts";

export const Inputs = z.object({
  ...commonInputs,
  candidates: z.string().optional().describe("Folder with the candidates. Default: the artifact of this workflow run."),
  evidence: z.string().optional().describe("Folder with `evidence.json`. Default: the artifact of this workflow run."),
  "dry-run": flag(false, "Say what would be published and write nothing."),
});
