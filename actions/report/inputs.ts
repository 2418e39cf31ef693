// Inputs of `report`.
import { z } from "zod";
import { commonInputs, flag } from "../read-inputs.ts";

export const Inputs = z.object({
  ...commonInputs,
  comment: z
    .enum(["auto", "always", "never"])
    .default("auto")
    .describe("Write the sticky comment: `auto` leaves it to the App where the App has its check on the commit."),
  publisher: z
    .string()
    .default("modelgate/modelgate")
    .describe("OWNER/NAME of the repository whose reusable workflows are believed."),
  "dry-run": flag(false, "Print comment and verdict and write nothing."),
});
