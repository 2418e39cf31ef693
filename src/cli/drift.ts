// `modelgate drift`: has the current data moved away from the reference?

import type { DriftGroups } from "../commands/drift-rows.ts";
import { InputError } from "../errors.ts";
import type { Importances } from "../monitoring/drift-verdict.ts";
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
    const [name] = input.arguments;
    const model = typeof name === "string" ? await readModel(name, input, context) : undefined;
    const time = readText(input, "time") ?? model?.time ?? undefined;
    const references = (readList(input, "reference") ?? []).map((source) => readSide(input, "reference", source, time));
    const { drift: run } = await import("../commands/drift.ts");
    return run(
      {
        reference: references[0] ?? { source: "" },
        moreReferences: references.slice(1),
        referenceWindows: readReferenceWindows(input, time),
        groups: readGroups(input, time, model?.group ?? null),
        embeddings: readList(input, "embedding"),
        multivariate: input.options["multivariate"] === true,
        current: readSide(input, "current", readText(input, "current") ?? "", time),
        columns: readList(input, "column") ?? model?.features ?? undefined,
        ignore: [...(readList(input, "ignore") ?? []), ...(model?.ignored ?? [])],
        missingValues: model?.missingValues,
        exact: input.options["exact"] === true,
        measures,
        optional: model?.optional,
        importances: await readImportances(readText(input, "importances"), model?.importances ?? null, context),
        failOn: readChoices(input, "failOn", driftFailures) ?? undefined,
        files: { html: readText(input, "html"), junit: readText(input, "junit") },
      },
      context,
    );
  },
});

async function readModel(name: string, input: CommandInput, context: Parameters<typeof drift.run>[1]) {
  const { findModel, loadConfig } = await import("../commands/load-config.ts");
  const model = findModel(await loadConfig(input.configFile, context), name);
  const { time, features, missingValues, id, group, label } = model;
  return {
    time,
    features,
    missingValues,
    group,
    ignored: [id, group].filter((column) => column !== null),
    optional: [label, time].filter((column) => column !== null),
    importances: model.monitor?.importances ?? null,
  };
}

/** Those of the file, else those of the config; null = none. */
async function readImportances(
  file: string | undefined,
  weights: Readonly<Record<string, number>> | null,
  context: Parameters<typeof drift.run>[1],
): Promise<Importances | null> {
  const { giveImportances } = await import("../monitoring/drift-verdict.ts");
  if (file === undefined) return weights === null ? null : giveImportances(weights);
  const { readImportancesFile } = await import("../commands/read-importances.ts");
  return readImportancesFile(file, context);
}

function readSide(input: CommandInput, side: "reference" | "current", source: string, time: string | undefined) {
  const from = readText(input, `${side}From`);
  const to = readText(input, `${side}To`);
  if ((from !== undefined || to !== undefined) && time === undefined) {
    throw new InputError({
      message: `--${side}-from and --${side}-to need --time`,
      expected: "the name of the time column",
    });
  }
  return time === undefined ? { source } : { source, window: { time, from, to } };
}

/** `--group`, `--whole-days`, or the config's group. */
function readGroups(input: CommandInput, time: string | undefined, configured: string | null): DriftGroups | null {
  const column = readText(input, "group");
  if (input.options["wholeDays"] === true) {
    if (time !== undefined && column === undefined) return { column: time, byDay: true, required: true };
    throw new InputError({
      message: column === undefined ? "--whole-days needs --time" : "rows are grouped by --group or by --whole-days",
      expected: column === undefined ? "the name of the time column" : "one of them",
    });
  }
  const group = column ?? configured;
  return group === null ? null : { column: group, byDay: false, required: column !== undefined };
}

function readReferenceWindows(input: CommandInput, time: string | undefined) {
  const count = readCount(input, "referenceWindows", fewestLearningWindows);
  if (count === null) return null;
  if (time !== undefined) return { time, count };
  throw new InputError({ message: "--reference-windows needs --time", expected: "the name of the time column" });
}

function readText(input: CommandInput, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === "string" ? value : undefined;
}

function readList(input: CommandInput, name: string): readonly string[] | undefined {
  const value = input.options[name];
  return Array.isArray(value) ? (value as readonly string[]) : typeof value === "string" ? [value] : undefined;
}
