// Inputs of `drift`.
import { z } from "zod";
import { driftFailures } from "../../src/monitoring/fail-on.ts";
import { fewestLearningWindows } from "../../src/monitoring/learned-threshold.ts";
import type { About } from "../metadata.ts";
import { choices, commonInputs, flag, list } from "../read-inputs.ts";

export const Inputs = z.object({
  model: z.string().optional().describe("A model of the config: its columns, times, groups and missing values."),
  config: commonInputs.config,
  reference: list(
    "Data or a profile to compare with: path, glob, https://, s3:// or clickhouse://. Eight or more are windows that thresholds are learned from.",
  ).refine((given) => given.length > 0, "is missing"),
  current: z.string().describe("Data or a profile that is looked at."),
  columns: list("Only these columns. Default: the model's, or all that both have."),
  ignore: list("Columns to leave out."),
  missing: list("Cells read as missing. Default: the model's, or empty, NA, NaN, null, None."),
  exact: flag(false, "Compute the tests on the rows instead of on profiles."),
  measures: z.enum(["default", "all"]).default("default").describe("`all` adds measures that need the rows."),
  multivariate: flag(false, "Look at the rows as a whole too: domain classifier and principal components."),
  embeddings: list("Prefixes of columns that are one vector together."),
  time: z.string().optional().describe("Time column of the windows."),
  "reference-from": z.string().optional().describe("First day of the reference window."),
  "reference-to": z.string().optional().describe("Last day of the reference window."),
  "current-from": z.string().optional().describe("First day of the current window."),
  "current-to": z.string().optional().describe("Last day of the current window."),
  group: z.string().optional().describe("Rows with the same value depend on each other and are exchanged whole."),
  "whole-days": flag(false, "Rows of the same day of `time` depend on each other."),
  "reference-windows": z.coerce
    .number()
    .int()
    .min(fewestLearningWindows)
    .optional()
    .describe("Cut the reference into so many windows by `time` and learn thresholds from them; at least 8."),
  importances: z.string().optional().describe("File with an evaluation whose explanation weighs the columns."),
  html: z.string().optional().describe("File to write the report to as one HTML page; upload it as an artifact."),
  junit: z.string().optional().describe("File to write the report to as JUnit XML."),
  variables: z.string().optional().describe("Variables for reading the data, one NAME=VALUE per line."),
  "fail-on-drift": flag(true, "End with an error on drift, or on what `fail-on` names."),
  "fail-on": choices(driftFailures, "What ends with an error. Default: drift."),
});

export const about: About = {
  name: "drift",
  title: "Modelgate: drift",
  description: "Has the current data moved away from the reference? Tests every column and says so with effect sizes.",
  outputs: { verdict: "`drift`, `stable`, `inconclusive` or `insufficient`.", report: "The report as JSON." },
  permissions: { contents: "read" },
  example: { reference: "data/train.parquet", current: "logs/2026-11-*.parquet", html: "drift.html" },
};
