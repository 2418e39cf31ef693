// Inputs of `report`.
import { z } from "zod";
import type { About } from "../metadata.ts";
import { commonInputs, flag, registryInputs } from "../read-inputs.ts";

export const Inputs = z.object({
  ...commonInputs,
  ...registryInputs,
  comment: z
    .enum(["auto", "always", "never"])
    .default("auto")
    .describe("Write the sticky comment: `auto` leaves it to the App where the App has its check on the commit."),
  publisher: z
    .string()
    .default("modelgate/modelgate")
    .describe("OWNER/NAME of the repository whose reusable workflows are believed."),
  "evidence-sha256": z
    .string()
    .regex(/^([0-9a-f]{64})?$/)
    .optional()
    .describe("The output of the job that ran `validate`: other evidence does not count."),
  "dry-run": flag(false, "Print comment and verdict and write nothing."),
});

export const about: About = {
  name: "report",
  title: "Modelgate: report",
  description:
    "Shows the verdict on a pull request: comment, summary, and an exit status that serves as the required check.",
  outputs: {
    verdict: "`success`, `failure`, `action_required` or `neutral`.",
    "comment-url": "Address of the comment, if one was written.",
    key: "Changes when anything the verdict rests on changes.",
  },
  permissions: { contents: "read", actions: "read", checks: "read", "pull-requests": "write" },
};
