// The drift policy: from summaries of columns to a report. Pure: no rows are read here.
import { rowsNeededFor, smallestDetectableDistance } from "../statistics/detectable-effect.ts";
import { populationStabilityIndex, populationStabilityNullMean } from "../statistics/distribution-distance.ts";
import { adjustBenjaminiHochberg } from "../statistics/multiple-testing.ts";
import { type CharacterTest, testCharacters } from "./character-change.ts";
import { binnedDistance, type ColumnPair, sizesOf } from "./column-pair.ts";
import { restOfTexts } from "./common-cells.ts";
import { type CategoryNames, describeDistribution } from "./distribution.ts";
import { explainColumn } from "./drift-reason.ts";
import {
  type CharacterComparison,
  type ColumnDrift,
  type DriftOutcome,
  type DriftPolicy,
  defaultDriftPolicy,
  firstOutcome,
  type UnlistedComparison,
} from "./drift-report.ts";
import {
  type EffectTest,
  type NewCategories,
  type RateTest,
  testMissing,
  testUnlisted,
  testValues,
} from "./drift-tests.ts";
import type { GroupTests } from "./group-tests.ts";
import { driftMeasures } from "./measures/catalog.ts";
import { findBin } from "./paired-bins.ts";

export interface DriftSettings {
  readonly policy?: DriftPolicy;
  /** SciPy's p-values for ordered columns. */
  readonly exact?: boolean;
  /** Which measures are computed beside the tests; `all` adds those on demand. Default: the usual ones. */
  readonly measures?: "none" | "default" | "all";
  /** Effect a column must reach instead of the policy's, learned from its own past (`learnThreshold`). */
  readonly effects?: ReadonlyMap<string, number>;
  /** Tests of columns whose rows depend on each other, by column; without them rows count as independent. */
  readonly groups?: ReadonlyMap<string, GroupTests>;
  /** New categories of columns that have more than a profile tells apart, counted in the rows. */
  readonly newCategories?: ReadonlyMap<string, NewCategories>;
  /** Names for pictures of categories. */
  readonly names?: CategoryNames;
  /** p-values of the rows as a whole, which join the family. */
  readonly joint?: readonly number[];
}

type ColumnTests = Pick<TestedColumn, "values" | "missing" | "unlisted" | "characters">;

interface TestedColumn {
  readonly pair: ColumnPair;
  readonly values: EffectTest;
  readonly missing: RateTest;
  readonly unlisted: (RateTest & { readonly rows: number }) | null;
  readonly characters: CharacterTest | null;
  readonly eligible: boolean;
  readonly groups: GroupTests | null;
}

export interface DriftDecision {
  readonly columns: readonly ColumnDrift[];
  readonly tests: number;
  /** Adjusted p-values of `joint`, in its order. */
  readonly joint: readonly number[];
}

/**
 * Decides every column. A column with too few values is `insufficient` and adds no test to the family; the others' tests
 * of values, missing cells and unlisted categories are corrected together (Benjamini and Hochberg). `drift` needs both an
 * adjusted p-value within the level and an effect of the threshold; `stable` an effect whose upper bound is below it.
 */
export function decideDrift(pairs: readonly ColumnPair[], settings: DriftSettings = {}): DriftDecision {
  const policy = settings.policy ?? defaultDriftPolicy;
  const confidence = 1 - policy.level;
  const tested = pairs.map((pair): TestedColumn => {
    const rows = (side: ColumnPair["reference"]): number => side.present + side.missing;
    const groups = settings.groups?.get(pair.name) ?? null;
    const enoughGroups =
      groups === null || Math.min(groups.groups.reference, groups.groups.current) >= policy.fewestGroups;
    return {
      pair,
      ...regardGroups(
        {
          values: testValues(pair, confidence, settings.exact ?? false, groups?.values.designEffects),
          missing: testMissing(pair, confidence, groups?.missing.designEffects),
          unlisted: testUnlisted(
            pair,
            confidence,
            groups?.unlisted?.designEffects,
            settings.newCategories?.get(pair.name),
          ),
          characters: testCharacters(pair, confidence, groups?.characters?.designEffects),
        },
        groups,
      ),
      eligible:
        enoughGroups &&
        rows(pair.reference) >= policy.fewestReferenceRows &&
        rows(pair.current) >= policy.fewestCurrentRows,
      groups,
    };
  });
  const family: number[] = [];
  const join = (
    test: { readonly pValue: number; readonly counts: boolean } | null,
    eligible: boolean,
  ): number | null => (test?.counts && eligible ? family.push(test.pValue) - 1 : null);
  const places = tested.map((column) => ({
    values: join(column.values, column.eligible && hasValues(column.pair, policy)),
    missing: join(column.missing, column.eligible),
    unlisted: join(column.unlisted, column.eligible && hasValues(column.pair, policy)),
    characters: join(
      column.characters,
      testsCharacters(column.pair) && column.eligible && hasValues(column.pair, policy),
    ),
  }));
  const own = family.length;
  family.push(...(settings.joint ?? []));
  const adjusted = adjustBenjaminiHochberg(family);
  const read = (place: number | null): number => (place === null ? 1 : (adjusted[place] ?? 1));
  const columns = tested.map((column, i) =>
    decideColumn(column, {
      settings,
      policy,
      tests: family.length,
      values: read(places[i]?.values ?? null),
      missing: read(places[i]?.missing ?? null),
      unlisted: read(places[i]?.unlisted ?? null),
      characters: read(places[i]?.characters ?? null),
    }),
  );
  return { columns, tests: family.length, joint: adjusted.slice(own) };
}

/** The same tests with the p-values of exchanging whole groups. */
function regardGroups(tests: ColumnTests, groups: GroupTests | null): ColumnTests {
  if (groups === null) return tests;
  const { values, missing, unlisted, characters } = tests;
  return {
    values: values.counts ? { ...values, pValue: groups.values.pValue } : values,
    missing: missing.counts ? { ...missing, pValue: groups.missing.pValue } : missing,
    unlisted: unlisted?.counts && groups.unlisted ? { ...unlisted, pValue: groups.unlisted.pValue } : unlisted,
    characters:
      characters?.counts && groups.characters ? { ...characters, pValue: groups.characters.pValue } : characters,
  };
}

/** Categories are tested themselves. */
function testsCharacters({ type }: ColumnPair): boolean {
  return type === "text";
}

function hasValues(pair: ColumnPair, policy: DriftPolicy): boolean {
  const [n, m] = sizesOf(pair);
  return n >= policy.fewestReferenceRows && m >= policy.fewestCurrentRows;
}

interface Adjusted {
  readonly settings: DriftSettings;
  readonly policy: DriftPolicy;
  readonly tests: number;
  readonly values: number;
  readonly missing: number;
  readonly unlisted: number;
  readonly characters: number;
}

function decideColumn(column: TestedColumn, adjusted: Adjusted): ColumnDrift {
  const { pair, values } = column;
  const { policy, settings } = adjusted;
  const [n, m] = sizesOf(pair).map((rows, i) => rows / (column.groups?.values.designEffects[i] ?? 1)) as [
    number,
    number,
  ];
  const learned = settings.effects?.get(pair.name) ?? null;
  const effectThreshold = Math.max(policy.effect, learned ?? 0);
  const enough = column.eligible && hasValues(pair, policy);
  const valuesOutcome = !enough
    ? "insufficient"
    : pair.type === "datetime"
      ? "stable"
      : decide(adjusted.values, values.effect, values.interval[1], effectThreshold, policy);
  const rates = decideRate(column.missing, adjusted.missing, policy.missingEffect, column.eligible, policy);
  const noneMissing = pair.reference.missing + pair.current.missing === 0;
  const missing = noneMissing && column.eligible ? { ...rates, outcome: "stable" as const } : rates;
  const unlisted = column.unlisted
    ? {
        ...decideRate(column.unlisted, adjusted.unlisted, policy.unlistedEffect, enough, policy),
        fewestRows: pair.listedFrom ?? 1,
        share: settings.newCategories?.get(pair.name)?.share ?? 1,
        values: settings.newCategories?.get(pair.name)?.values ?? [],
      }
    : null;
  // Whatever the groups of categories show: all their members may be others.
  const untold = unlisted === null && !pair.ordered && (pair.histograms.reference.shift > 0 || hidesMore(pair, policy));
  const others = [
    missing.outcome,
    ...(unlisted ? [unlisted.outcome] : []),
    ...(untold ? ["inconclusive" as const] : []),
  ];
  const moved = firstOutcome([valuesOutcome, ...others]) === "drift";
  const characters = decideCharacters(column, adjusted, enough, moved);
  const outcome = firstOutcome([valuesOutcome, ...others, ...(characters?.test ? [characters.test.outcome] : [])]);
  const index = populationStabilityIndex(pair.cells.reference, pair.cells.current);
  const smallest = smallestDetectableDistance(adjusted.tests, policy.level, n, m);
  const decided = {
    name: pair.name,
    type: pair.type,
    outcome,
    valuesOutcome,
    test: values.test,
    statistic: values.statistic,
    pValue: values.pValue,
    adjustedPValue: adjusted.values,
    effect: values.effect,
    effectInterval: values.interval,
    severity: valuesOutcome !== "drift" ? null : values.effect >= policy.severeEffect ? "severe" : "warning",
    smallestDetectableEffect: Number.isFinite(smallest) ? smallest : null,
    rowsNeeded: scaleRows(
      rowsNeededFor(effectThreshold, adjusted.tests, policy.level, n),
      column.groups?.values.designEffects[1] ?? 1,
    ),
    rows: { reference: pair.reference.present, current: pair.current.present },
    threshold: effectThreshold,
    learnedEffect: learned,
    groups: column.groups && {
      ...column.groups.groups,
      designEffect: Math.max(...column.groups.values.designEffects),
    },
    missing,
    unlisted,
    characters,
    measures: measure(pair, settings.measures ?? "default"),
    psiNullMean: populationStabilityNullMean(pair.cells.reference.length, n, m),
    smoothed: index.smoothed,
    ksErrorBound: pair.ordered && !pair.everyValue && !pair.samples() ? binnedDistance(pair).errorBound : 0,
    distribution: describeDistribution(pair, settings.names),
  } as const satisfies Omit<ColumnDrift, "reason">;
  return { ...decided, reason: explainColumn(decided, effectThreshold, policy) };
}

/** Whether published profiles leave more categories unnamed than may be new. */
function hidesMore(pair: ColumnPair, policy: DriftPolicy): boolean {
  const [n, m] = sizesOf(pair);
  const others = findBin(pair.bins, restOfTexts);
  return others !== undefined && Math.max(others.a / n, others.b / m) > policy.unlistedEffect;
}

function decideCharacters(
  { pair, characters }: TestedColumn,
  { policy, characters: adjustedPValue }: Adjusted,
  enough: boolean,
  moved: boolean,
): CharacterComparison | null {
  if (characters === null) return null;
  const { pValue, effect, interval, shares } = characters;
  const changed = shares.filter(
    ({ referenceRate, currentRate }) => Math.abs(currentRate - referenceRate) >= policy.effect,
  );
  if (!testsCharacters(pair)) return { test: null, changed: moved ? changed : [] };
  const outcome = !enough ? "insufficient" : decide(adjustedPValue, effect, interval[1], policy.effect, policy);
  return { test: { pValue, adjustedPValue, effect, outcome }, changed: enough ? changed : [] };
}

/** Effective rows as rows of groups. */
function scaleRows(rows: number | null, designEffect: number): number | null {
  return rows === null ? null : Math.ceil(rows * designEffect);
}

function decideRate(
  test: RateTest,
  adjustedPValue: number,
  threshold: number,
  eligible: boolean,
  policy: DriftPolicy,
): Omit<UnlistedComparison, "values" | "share" | "fewestRows"> {
  const difference = Math.abs(test.currentRate - test.referenceRate);
  const bound = Math.max(Math.abs(test.interval[0]), Math.abs(test.interval[1]));
  const outcome = !eligible ? "insufficient" : decide(adjustedPValue, difference, bound, threshold, policy);
  const { referenceRate, currentRate, pValue } = test;
  return { referenceRate, currentRate, pValue, adjustedPValue, outcome };
}

/** Absence of evidence is not stability: only an upper bound below the threshold is. */
function decide(
  adjustedPValue: number,
  effect: number,
  bound: number,
  threshold: number,
  policy: DriftPolicy,
): DriftOutcome {
  if (adjustedPValue <= policy.level && effect >= threshold) return "drift";
  return bound < threshold ? "stable" : "inconclusive";
}

function measure(
  pair: ColumnPair,
  which: NonNullable<DriftSettings["measures"]>,
): Readonly<Record<string, number | null>> {
  const chosen = which === "none" ? [] : driftMeasures.filter((one) => which === "all" || !one.onDemand);
  // Numbers near the largest double overflow some measures: null, never Infinity.
  const keep = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);
  return Object.fromEntries(chosen.map((one) => [one.id, keep(one.compute(pair))]));
}
