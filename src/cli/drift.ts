// `modelgate drift`: has the current data moved away from the reference?
import { InputError } from "../errors.ts";
import type { Importances } from "../monitoring/drift-verdict.ts";
import { driftFailures } from "../monitoring/fail-on.ts";
import { type CommandInput, defineCommand } from "./command.ts";
import { readChoices } from "./read-choices.ts";

export const drift = defineCommand({
  name: "drift",
  summary: "compare current data with reference data, column by column",
  arguments: [
    { name: "model", summary: "a model of the config: its columns, times and missing values", required: false },
  ],
  options: [
    { flags: "--reference <file>", summary: "data or profile to compare with", required: true },
    { flags: "--current <file>", summary: "data or profile to look at", required: true },
    { flags: "--exact", summary: "KS and Wasserstein on the rows; p-values as SciPy computes them" },
    { flags: "--measures <which>", summary: "default or all", default: "default" },
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
    const { drift: run } = await import("../commands/drift.ts");
    return run(
      {
        reference: readSide(input, "reference", time),
        current: readSide(input, "current", time),
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

function readSide(input: CommandInput, side: "reference" | "current", time: string | undefined) {
  const from = readText(input, `${side}From`);
  const to = readText(input, `${side}To`);
  if ((from !== undefined || to !== undefined) && time === undefined) {
    throw new InputError({
      message: `--${side}-from and --${side}-to need --time`,
      expected: "the name of the time column",
    });
  }
  const source = readText(input, side) ?? "";
  return time === undefined ? { source } : { source, window: { time, from, to } };
}

function readText(input: CommandInput, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === "string" ? value : undefined;
}

function readList(input: CommandInput, name: string): readonly string[] | undefined {
  const value = input.options[name];
  return Array.isArray(value) ? (value as readonly string[]) : typeof value === "string" ? [value] : undefined;
}
