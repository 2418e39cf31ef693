// Two profiles compared: the drift report of everything that profiles can say.
import { type ColumnPair, pairColumns, type SamplePair, type TextPair } from "./column-pair.ts";
import { compareCorrelations } from "./correlation-change.ts";
import { type DriftSettings, decideDrift } from "./drift-policy.ts";
import { type DriftReport, defaultDriftPolicy } from "./drift-report.ts";
import { addJointVerdict, decideVerdict, type Importances } from "./drift-verdict.ts";
import {
  decideJointly,
  listJointPValues,
  type MultivariateDrift,
  type MultivariateTest,
} from "./multivariate-report.ts";
import { emptyHistogram } from "./ordered-histogram.ts";
import type { ColumnProfile, Profile } from "./profile.ts";

export interface CompareSettings extends DriftSettings {
  readonly importances?: Importances | null;
  /** What groups are, in words; null = rows are taken as independent. */
  readonly groupedBy?: string | null;
  readonly referenceWindows?: number;
  /** Tests of the rows as a whole, or why there are none; null = not asked for. */
  readonly multivariate?: MultivariateTest | MultivariateDrift | null;
  /** Rows of ordered columns, for `exact`. */
  readonly samples?: ReadonlyMap<string, SamplePair>;
  /** Sampled texts of columns of free text. */
  readonly texts?: ReadonlyMap<string, TextPair>;
  readonly referenceSource?: string | null;
  readonly currentSource?: string | null;
}

/** Columns whose type differs between the two, in words; they cannot be compared. */
export function findTypeConflicts(reference: Profile, current: Profile): readonly string[] {
  const others = new Map(current.columns.map((column) => [column.name, column]));
  return reference.columns.flatMap((column) => {
    const other = others.get(column.name);
    return other && !comparable(column, other)
      ? [
          `column ${JSON.stringify(column.name)} is ${column.type} in the reference and ${other.type} in the current data`,
        ]
      : [];
  });
}

/**
 * The drift report of two profiles. Columns of one side only are listed as `unmatched`; a column without any value takes
 * the other side's type. The types of common columns must agree (`findTypeConflicts`).
 */
export function compareProfiles(reference: Profile, current: Profile, settings: CompareSettings = {}): DriftReport {
  const others = new Map(current.columns.map((column) => [column.name, column]));
  const names = new Set(reference.columns.map((column) => column.name));
  const pairs = reference.columns.flatMap((column): ColumnPair[] => {
    const other = others.get(column.name);
    if (!other) return [];
    const [left, right] = agree(column, other);
    return [
      pairColumns(
        left,
        right,
        settings.samples?.get(column.name) ?? null,
        settings.texts?.get(column.name) ?? null,
        current.smallestGroup === undefined ? (reference.smallestGroup ?? 1) : null,
      ),
    ];
  });
  const policy = settings.policy ?? defaultDriftPolicy;
  const asked = settings.multivariate ?? null;
  const test = asked !== null && !("outcome" in asked) ? asked : null;
  const { columns, tests, joint } = decideDrift(pairs, { ...settings, joint: test ? listJointPValues(test) : [] });
  const multivariate = test ? decideJointly(test, joint, policy) : (asked as MultivariateDrift | null);
  const gone = reference.columns.map((column) => column.name).filter((name) => !others.has(name));
  return {
    kind: "drift-report",
    schemaVersion: 1,
    ...addJointVerdict(decideVerdict(columns, settings.importances ?? null, gone), multivariate),
    reference: { source: settings.referenceSource ?? null, rows: reference.rows },
    current: { source: settings.currentSource ?? null, rows: current.rows },
    tests,
    exact: settings.exact ?? false,
    policy,
    groupedBy: settings.groupedBy ?? null,
    referenceWindows: settings.referenceWindows ?? 0,
    multivariate,
    correlations: compareCorrelations(reference, current),
    columns,
    unmatched: {
      reference: gone,
      current: current.columns.map((column) => column.name).filter((name) => !names.has(name)),
    },
  };
}

function comparable(a: ColumnProfile, b: ColumnProfile): boolean {
  return a.type === b.type || a.present === 0 || b.present === 0;
}

/** An empty column has no type of its own: it takes the other's, with no values. */
function agree(a: ColumnProfile, b: ColumnProfile): readonly [ColumnProfile, ColumnProfile] {
  if (a.type === b.type) return [a, b];
  return a.present === 0 ? [emptyLike(b, a), b] : [a, emptyLike(a, b)];
}

function emptyLike(shape: ColumnProfile, empty: ColumnProfile): ColumnProfile {
  return {
    ...empty,
    type: shape.type,
    values: emptyHistogram(shape.values.scale),
    lengths: shape.lengths ? emptyHistogram(shape.lengths.scale) : null,
    distinct: null,
  };
}
