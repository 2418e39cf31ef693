// `modelgate drift`: has the current data moved away from the reference?

import { InputError } from "../errors.ts";
import { driftFailures } from "../monitoring/fail-on.ts";
import { fewestLearningWindows } from "../monitoring/learned-threshold.ts";
import { type CommandInput, defineCommand } from "./command.ts";
import { readChoices } from "./read-choices.ts";
import { readCount } from "./registry-input.ts";

export const drift = defineCommand({
  name: "drift",
  summary: "compare current data with reference data, column by column",
  arguments: [
    { name: "model", summary: "a model of the config: its columns, times and missing values", required: false },
  ],
  options: [
    {
      flags: "--reference <file...>",
      summary: "data or profile to compare with; eight or more are windows that thresholds are learned from",
      required: true,
    },
    { flags: "--current <file>", summary: "data or profile to look at", required: true },
    { flags: "--exact", summary: "KS and Wasserstein on the rows; p-values as SciPy computes them" },
    { flags: "--measures <which>", summary: "default or all", default: "default" },
    { flags: "--multivariate", summary: "look at the rows as a whole too: domain classifier and principal components" },
    {
      flags: "--embedding <prefix...>",
      summary: "columns that begin so are one vector; compared as one (with --multivariate)",
    },
    { flags: "--group <column>", summary: "rows with the same value depend on each other and are exchanged whole" },
    { flags: "--whole-days", summary: "rows of the same day of --time depend on each other" },
    {
      flags: "--reference-windows <count>",
      summary: "cut the reference into so many windows by --time and learn thresholds from them (at least 8)",
    },
    { flags: "--importances <file>", summary: "evaluation document whose explanation weighs the columns" },
    {
      flags: "--fail-on <what...>",
      summary: "what ends with exit code 1: drift (default), severe, missing, insufficient, inconclusive, never",
    },
    { flags: "--html <file>", summary: "write the report as one HTML file, with a picture of every column" },
    { flags: "--junit <file>", summary: "write the report as JUnit XML, a test per column" },
    { flags: "--column <name...>", summary: "only these columns (repeatable)" },
    { flags: "--ignore <name...>", summary: "leave these columns out (repeatable)" },
    {
      flags: "--missing <text...>",
      summary: "cells read as missing (default: the model's, or empty, NA, NaN, null, None)",
    },
    { flags: "--time <column>", summary: "time column of the windows" },
    { flags: "--reference-from <date>", summary: "first day of the reference window" },
    { flags: "--reference-to <date>", summary: "last day of the reference window" },
    { flags: "--current-from <date>", summary: "first day of the current window" },
    { flags: "--current-to <date>", summary: "last day of the current window" },
  ],
  examples: [
    "modelgate drift --reference train.parquet --current 'logs/2026-11-*.parquet'",
    "modelgate drift rain --reference train-profile.json --current today.csv --json",
    "modelgate drift --reference train.parquet --current today.parquet --html drift.html",
    "modelgate drift --reference train.parquet --current today.parquet --multivariate --group customer_id",
    "modelgate drift --reference year.csv --current today.csv --time at --reference-windows 12",
    "modelgate drift --reference train.csv --current today.csv --fail-on drift,missing,insufficient",
    "modelgate drift --reference data.csv --current data.csv --time date --reference-to 2014-12-31 --current-from 2015-01-01",
  ],
  run: async (input, context) => {
    const measures = readText(input, "measures") ?? "default";
    if (measures !== "default" && measures !== "all") {
      throw new InputError({ message: "--measures is not known", expected: "default or all", received: measures });
    }
    const [model] = input.arguments;
    const references = readList(input, "reference") ?? [];
    const current = readText(input, "current") ?? "";
    const { startAhead } = await import("../data/plain/start-ahead.ts");
    const isWindowed = model !== undefined || readText(input, "time") !== undefined || references.length > 1;
    const threads = isWindowed ? null : startAhead([...references, current], context);
    try {
      const [{ drift: run }, { resolveDriftRequest }] = await Promise.all([
        import("../commands/drift.ts"),
        import("../commands/drift-request.ts"),
      ]);
      const settings = await resolveDriftRequest(
        {
          model: typeof model === "string" ? model : undefined,
          configFile: input.configFile,
          references,
          current,
          time: readText(input, "time"),
          referenceFrom: readText(input, "referenceFrom"),
          referenceTo: readText(input, "referenceTo"),
          currentFrom: readText(input, "currentFrom"),
          currentTo: readText(input, "currentTo"),
          group: readText(input, "group"),
          wholeDays: input.options["wholeDays"] === true,
          referenceWindows: readCount(input, "referenceWindows", fewestLearningWindows),
          importances: readText(input, "importances"),
          columns: readList(input, "column"),
          ignore: readList(input, "ignore"),
          missingValues: readList(input, "missing"),
          multivariate: input.options["multivariate"] === true,
          embeddings: readList(input, "embedding"),
          exact: input.options["exact"] === true,
          measures,
          failOn: readChoices(input, "failOn", driftFailures) ?? undefined,
          files: { html: readText(input, "html"), junit: readText(input, "junit") },
        },
        context,
      );
      return await run({ ...settings, ...(threads ? { threads } : {}) }, context);
    } finally {
      await threads?.end();
    }
  },
});

function readText(input: CommandInput, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === "string" ? value : undefined;
}

function readList(input: CommandInput, name: string): readonly string[] | undefined {
  const value = input.options[name];
  return Array.isArray(value) ? (value as readonly string[]) : typeof value === "string" ? [value] : undefined;
}
