// `modelgate expect infer`: expectations that data already meets, for review.
import { renderSuggestions, type SuggestedExpectation, suggestExpectations } from "../config/suggest-expectations.ts";
import { readCategoryNames } from "../data/category-names.ts";
import { readProfile } from "../data/read-profile.ts";
import type { Context } from "../host/context.ts";
import { createNoRowsError } from "./no-rows.ts";
import type { Outcome } from "./outcome.ts";

/** Kind `inferred-expectations`; `yaml` is the block to paste under a model. */
export interface InferredExpectations {
  readonly kind: "inferred-expectations";
  readonly schemaVersion: 1;
  readonly source: string;
  readonly rows: number;
  readonly expectations: readonly SuggestedExpectation[];
  readonly yaml: string;
}

/** Rarer values are not written down: one row's value may be a person's. */
const fewestRowsOfCategory = 10;
const mostCategories = 20;
/** What the suggested list lets through: the data it was made from meets it. */
const leastShareNamed = 0.99;

/** Reads data or a profile; a profile holds no names, so it gives no lists of categories. InputError without rows. */
export async function inferExpectations(
  source: string,
  options: { readonly missingValues?: readonly string[] | undefined },
  context: Context,
): Promise<Outcome<InferredExpectations>> {
  const { profile, fromProfile } = await readProfile(source, options, context);
  if (profile.rows === 0) throw createNoRowsError(source);
  const limits = { most: mostCategories, fewestRows: fewestRowsOfCategory, leastShare: leastShareNamed };
  const names = fromProfile ? undefined : await readCategoryNames(source, limits, options, context);
  const expectations = suggestExpectations(profile, names);
  const yaml = renderSuggestions(expectations, source);
  return {
    exitCode: 0,
    document: { kind: "inferred-expectations", schemaVersion: 1, source, rows: profile.rows, expectations, yaml },
    text: yaml,
  };
}
