// `modelgate expect`: does the data of a model hold what its config expects?
import { checkExpectations, type ExpectationResult } from "../data/check-expectations.ts";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { renderExpectationsMarkdown, renderExpectationsText } from "../report/expectations.ts";
import { renderJunit } from "../report/junit.ts";
import { listExpectationCases } from "../report/junit-cases.ts";
import { findModel, loadConfig } from "./load-config.ts";
import { createNoRowsError } from "./no-rows.ts";
import type { Outcome } from "./outcome.ts";
import { locateSource } from "./pinned-data.ts";
import { writePages } from "./write-pages.ts";

export interface ExpectSettings {
  readonly model: string;
  readonly configFile?: string | undefined;
  /** Instead of the sources of the config. */
  readonly data?: readonly string[] | undefined;
  /** File for the checks as JUnit XML. */
  readonly junit?: string | undefined;
}

/** Kind `expectation-report`. */
export interface ExpectationReport {
  readonly kind: "expectation-report";
  readonly schemaVersion: 1;
  readonly model: string;
  readonly passed: boolean;
  readonly sources: readonly {
    readonly source: string;
    readonly rows: number;
    readonly results: readonly ExpectationResult[];
  }[];
}

/** Checks every source of the model. Exit code 1 when an expectation fails; InputError when there is nothing to check. */
export async function expectData(settings: ExpectSettings, context: Context): Promise<Outcome<ExpectationReport>> {
  const loaded = await loadConfig(settings.configFile, context);
  const model = findModel(loaded, settings.model);
  const configured = [
    model.data?.train?.source,
    model.data?.evaluation.by === "source" ? model.data.evaluation.source : undefined,
  ].flatMap((source) => (source === undefined ? [] : [{ source, path: locateSource(source, loaded.root) }]));
  const sources = settings.data?.map((source) => ({ source, path: source })) ?? configured;
  if (model.expect.length === 0 || sources.length === 0) {
    throw new InputError({
      message: `${settings.model} has ${sources.length === 0 ? "no data to look at" : "no expectations"}`,
      file: loaded.file,
      key: `models.${settings.model}.${sources.length === 0 ? "data" : "expect"}`,
      hint:
        sources.length === 0
          ? "add `data:`, or name a file with --data"
          : "add, for example, `expect: [{ column: age, between: [0, 120] }]`",
    });
  }
  const checked = [];
  for (const { source, path } of sources) {
    const options = {
      missingValues: model.missingValues,
      showsValues: model.share?.includes("examples") ?? false,
      locate: (profile: string) => locateSource(profile, loaded.root),
    };
    const found = await checkExpectations(path, model.expect, options, context);
    // Nothing holds of no rows. Whoever means that there may be none says so with an expectation about `rows`.
    if (found.rows === 0 && model.expect.every(({ rows }) => rows === null)) throw createNoRowsError(source);
    checked.push({ source, ...found });
  }
  const passed = checked.every(({ results }) => results.every((result) => result.passed));
  const document = {
    kind: "expectation-report",
    schemaVersion: 1,
    model: settings.model,
    passed,
    sources: checked,
  } as const;
  await writePages(
    { junit: settings.junit },
    { junit: () => renderJunit(`expect ${settings.model}`, listExpectationCases(document), context.now()) },
    context,
  );
  return {
    exitCode: passed ? 0 : 1,
    document,
    text: renderExpectationsText(document),
    markdown: renderExpectationsMarkdown(document),
  };
}
