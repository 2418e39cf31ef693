// Inputs of `monitor`.
import { z } from "zod";
import { monitorFailures } from "../../src/monitoring/fail-on.ts";
import type { About } from "../metadata.ts";
import { choices, commonInputs, flag, list, registryInputs } from "../read-inputs.ts";

export const Inputs = z.object({
  ...commonInputs,
  ...registryInputs,
  models: list("Models to look at. Default: those with `monitor:`."),
  out: z.string().default("findings").describe("Folder for `findings.json`."),
  variables: z.string().optional().describe("Variables for reading the data, one NAME=VALUE per line."),
  "respond-only": flag(
    false,
    "Answer the findings of this workflow run with issues and pull requests, without the App.",
  ),
  enforce: flag(false, "End with an error when something was found that needs somebody, or on what `fail-on` names."),
  "fail-on": choices(monitorFailures, "What ends with an error when `enforce` is set. Default: warn."),
});

export const about: About = {
  name: "monitor",
  title: "Modelgate: monitor",
  description:
    "Looks at the newest window of production: drift, data faults, labelled performance; uploads what it found.",
  outputs: {
    decisions: "JSON list of `{model, decision}`: `ok`, `warn`, `retrain` or `rollback`.",
    findings: "Folder with `findings.json`.",
  },
  permissions: { contents: "read" },
};
