// Have the rows as a whole moved, also where no single column has? A domain classifier and the principal components.
import { kolmogorovSmirnovDistance } from "../statistics/kolmogorov-smirnov.ts";
import { createRandom, type Random } from "../statistics/rng.ts";
import { type PermutationTest, testArea } from "../statistics/unit-permutation.ts";
import { selectRows } from "../tables/select-rows.ts";
import type { Table } from "../tables/table.ts";
import { learnClassifier } from "./domain-classifier.ts";
import { type Embedding, testEmbedding } from "./embeddings.ts";
import { type Encoder, type Feature, learnEncoders } from "./joint-features.ts";
import type { JointTest, MultivariateTest } from "./multivariate-report.ts";
import { learnReconstruction } from "./reconstruction.ts";

/** Sampled rows of both sides, with the key of the rows that depend on each other (null = every row for itself). */
export interface JointRows {
  readonly reference: Table;
  readonly current: Table;
  readonly embeddings?: readonly Embedding[];
  readonly keys: { readonly reference: readonly string[]; readonly current: readonly string[] } | null;
}

const driversNamed = 10;

/**
 * Half of the units (rows, or whole groups) of each side learn, the other half is tested, so that the p-values are honest:
 * the learned scores know nothing of the tested labels. `permutations` bounds how many exchanges are tried; the seed makes
 * the answer repeatable. The effect of both tests is the distance D of the scores' distributions: points of probability
 * mass that the rows as a whole have moved, at least. Null when no column can be used or a half has no units.
 */
export function testJointly(rows: JointRows, permutations: number, seed: string): MultivariateTest | null {
  const random = createRandom(seed);
  const halves = splitHalves(rows, random);
  const { reference, current } = halves.learning;
  if (Math.min(reference.rows, current.rows, halves.testing.reference.rows, halves.testing.current.rows) === 0)
    return null;
  const encoders = learnEncoders(reference, current);
  const learning = encodeBoth(encoders, reference, current);
  const testing = encodeBoth(encoders, halves.testing.reference, halves.testing.current);
  const labels = (first: number, second: number): Float64Array => new Float64Array(first + second).fill(1, first);
  const classifier = learnClassifier(learning, labels(reference.rows, current.rows));
  if (!classifier) return null;
  const tested = { ...halves.testing, rows: halves.testing.reference.rows + halves.testing.current.rows };
  const judge = (values: Float64Array, sided: "greater" | "both"): JointTest => {
    const sample = { values, sides: tested.sides, units: tested.units };
    return describe(testArea(sample, sided, permutations, random), values, tested.reference.rows);
  };
  const scored = judge(classifier.score(testing, tested.rows), "greater");
  const components = learnReconstruction(cut(learning, reference.rows), reference.rows);
  const errors = components?.measure(testing, tested.rows);
  const drivers = findDrivers(classifier.score, testing, tested, scored.area, random);
  const embeddings = (rows.embeddings ?? []).flatMap((embedding) => testEmbedding(embedding, random) ?? []);
  return {
    embeddings,
    rows: { reference: rows.reference.rows, current: rows.current.rows },
    units: { reference: halves.units[0], current: halves.units[1] },
    features: learning.length,
    classifier: { ...scored, terms: classifier.terms.slice(0, driversNamed).map(({ name }) => name) },
    reconstruction:
      components && errors
        ? {
            ...judge(errors, "both"),
            components: components.components,
            features: components.features,
            referenceError: mean(errors.subarray(0, tested.reference.rows)),
            currentError: mean(errors.subarray(tested.reference.rows)),
          }
        : null,
    drivers,
  };
}

interface Half {
  readonly reference: Table;
  readonly current: Table;
  readonly sides: Uint8Array;
  readonly units: Int32Array;
}

/** Halves by the key, so that no group is on both sides of the split; a group of both samples is two units. */
function splitHalves({ reference, current, keys }: JointRows, random: Random) {
  const key = (side: "reference" | "current", row: number): string => keys?.[side][row] ?? `${side} ${row}`;
  const learns = new Map<string, boolean>();
  const list = (side: "reference" | "current", rows: number): string[] => {
    const names = Array.from({ length: rows }, (_, row) => key(side, row));
    const fresh = [...new Set(names)].filter((name) => !learns.has(name));
    for (let i = fresh.length - 1; i > 0; i--) {
      const at = random.nextInteger(i + 1);
      [fresh[i], fresh[at]] = [fresh[at] as string, fresh[i] as string];
    }
    fresh.forEach((name, i) => {
      learns.set(name, i % 2 === 0);
    });
    return names;
  };
  const names = [list("reference", reference.rows), list("current", current.rows)] as const;
  const pick = (wanted: boolean): Half => {
    const chosen = names.map((side) =>
      Array.from(side.keys()).filter((row) => learns.get(side[row] as string) === wanted),
    );
    const [left = [], right = []] = chosen;
    const numbers = new Map<string, number>();
    const units = [...left.map((row) => `r ${names[0][row]}`), ...right.map((row) => `c ${names[1][row]}`)].map(
      (unit) => {
        const number = numbers.get(unit) ?? numbers.size;
        numbers.set(unit, number);
        return number;
      },
    );
    return {
      reference: selectRows(reference, left),
      current: selectRows(current, right),
      sides: new Uint8Array(left.length + right.length).fill(1, left.length),
      units: Int32Array.from(units),
    };
  };
  return {
    learning: pick(true),
    testing: pick(false),
    units: names.map((side) => new Set(side).size) as [number, number],
  };
}

function encodeBoth(encoders: readonly Encoder[], reference: Table, current: Table): readonly Feature[] {
  return encoders.flatMap((encoder) => {
    const [left, right] = [reference, current].map((table) => {
      const column = table.columns.get(encoder.column);
      return column ? encoder.encode(column) : [];
    });
    return (left ?? []).flatMap((feature, i): Feature[] => {
      const other = right?.[i];
      if (!other) return [];
      const values = new Float64Array(feature.values.length + other.values.length);
      values.set(feature.values);
      values.set(other.values, feature.values.length);
      return [{ ...feature, values }];
    });
  });
}

function cut(features: readonly Feature[], rows: number): readonly Feature[] {
  return features.map((feature) => ({ ...feature, values: feature.values.subarray(0, rows) }));
}

function describe(test: PermutationTest, values: Float64Array, referenceRows: number): JointTest {
  const effect = kolmogorovSmirnovDistance(values.slice(0, referenceRows).sort(), values.slice(referenceRows).sort());
  return { area: test.statistic, pValue: test.pValue, permutations: test.permutations, effect };
}

/** Columns without which the classifier does worse: how much area is lost when a column's rows are exchanged at random. */
function findDrivers(
  score: (features: readonly Feature[], rows: number) => Float64Array,
  features: readonly Feature[],
  tested: { readonly sides: Uint8Array; readonly units: Int32Array; readonly rows: number },
  area: number,
  random: Random,
): MultivariateTest["drivers"] {
  const order = Int32Array.from({ length: tested.rows }, (_, row) => row);
  for (let i = order.length - 1; i > 0; i--) {
    const at = random.nextInteger(i + 1);
    [order[i], order[at]] = [order[at] as number, order[i] as number];
  }
  const names = [...new Set(features.flatMap(({ columns }) => columns))];
  return names
    .map((name) => {
      const mixed = features.map((feature) =>
        feature.columns.includes(name)
          ? { ...feature, values: Float64Array.from(order, (row) => feature.values[row] as number) }
          : feature,
      );
      const sample = { values: score(mixed, tested.rows), sides: tested.sides, units: tested.units };
      return { name, lostArea: area - testArea(sample, "greater", 0, random).statistic };
    })
    .filter(({ lostArea }) => lostArea > 0.005)
    .sort((a, b) => b.lostArea - a.lostArea)
    .slice(0, driversNamed);
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return values.length === 0 ? 0 : sum / values.length;
}
