// Inputs of `drift`.
import { z } from "zod";
import { driftFailures } from "../../src/monitoring/fail-on.ts";
import type { About } from "../metadata.ts";
import { choices, flag, list } from "../read-inputs.ts";

export const Inputs = z.object({
  reference: z.string().describe("Data or a profile to compare with: path, glob, https:// or s3://."),
  current: z.string().describe("Data or a profile that is looked at."),
  columns: list("Only these columns. Default: all that both have."),
  ignore: list("Columns to leave out."),
  exact: flag(false, "Compute the tests on the rows instead of on profiles."),
  html: z.string().optional().describe("File to write the report to as one HTML page; upload it as an artifact."),
  junit: z.string().optional().describe("File to write the report to as JUnit XML."),
  "fail-on-drift": flag(true, "End with an error on drift, or on what `fail-on` names."),
  "fail-on": choices(driftFailures, "What ends with an error. Default: drift."),
});

export const about: About = {
  name: "drift",
  title: "Modelgate: drift",
  description: "Has the current data moved away from the reference? Tests every column and says so with effect sizes.",
  outputs: { verdict: "`drift`, `stable`, `inconclusive` or `insufficient`.", report: "The report as JSON." },
  permissions: { contents: "read" },
};
