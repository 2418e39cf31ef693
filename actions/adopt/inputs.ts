// Inputs of `adopt`.
import { z } from "zod";
import type { About } from "../metadata.ts";
import { commonInputs, registryInputs } from "../read-inputs.ts";

export const Inputs = z.object({
  "github-token": commonInputs["github-token"],
  ...registryInputs,
  publisher: z
    .string()
    .default("modelgate/modelgate")
    .describe("OWNER/NAME of the repository whose reusable workflows are believed."),
});

export const about: About = {
  name: "adopt",
  title: "Modelgate: adopt",
  description:
    "After a merge, takes over the models that the pull request's attested run gated when the merged tree equals the gated one, so that nothing is trained twice; in doubt it takes nothing and says why.",
  outputs: {
    run: "The workflow run whose models were taken over; empty when everything is to be trained again.",
    "evidence-sha256": "sha256 of its `evidence.json`; empty when nothing was taken over.",
    reason: "Why everything is to be trained again; empty when the models were taken over.",
  },
  permissions: { actions: "read", contents: "read", "pull-requests": "read" },
};
