// A classifier that tells current rows from reference rows: where it can, the rows as a whole have moved.
import { fitLogistic } from "../statistics/linear-models.ts";
import type { Feature } from "./joint-features.ts";

/** Features side by side; a row of each side is known by `labels` (1 = current). */
export interface Classifier {
  /** Higher = more like the current rows. */
  readonly score: (features: readonly Feature[], rows: number) => Float64Array;
  /** What it looks at, heaviest first. */
  readonly terms: readonly { readonly name: string; readonly columns: readonly string[]; readonly weight: number }[];
}

interface Term {
  readonly first: number;
  /** Null = the feature itself; the same as `first` = its square; else the product of both. */
  readonly second: number | null;
  readonly mean: number;
  readonly deviation: number;
  readonly difference: number;
}

/** Features that products are made of, terms that the regression gets, and its ridge penalty. */
const mostBases = 200;
const mostTerms = 40;
const penalty = 25;

/**
 * Learns a ridge logistic regression on the forty features, squares and products whose means differ most between the
 * sides: products are what sees a changed correlation. Deterministic. Null when there is nothing that varies.
 */
export function learnClassifier(features: readonly Feature[], labels: Float64Array): Classifier | null {
  const terms = chooseTerms(features, labels);
  if (terms.length === 0) return null;
  const design = fillDesign(features, terms, labels.length);
  const weights = fitLogistic({ rows: labels.length, width: terms.length, values: design }, labels, penalty);
  return {
    score: (others, rows) => {
      const values = fillDesign(others, terms, rows);
      return Float64Array.from({ length: rows }, (_, row) => {
        let score = 0;
        for (let i = 0; i < terms.length; i++) score += (values[row * terms.length + i] ?? 0) * (weights[i] ?? 0);
        return score;
      });
    },
    terms: terms
      .map((term, i) => ({ ...nameTerm(features, term), weight: weights[i] ?? 0 }))
      .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)),
  };
}

function chooseTerms(features: readonly Feature[], labels: Float64Array): readonly Term[] {
  const bases = features.map((_, i) => weigh(features, i, null, labels));
  const strongest = rankTerms(bases)
    .slice(0, mostBases)
    .map(({ first }) => first);
  const found = bases.filter((term) => term !== null);
  strongest.forEach((first, at) => {
    for (const second of strongest.slice(at)) {
      const term = mayMultiply(features[first], features[second]) ? weigh(features, first, second, labels) : null;
      if (term) found.push(term);
    }
  });
  return rankTerms(found).slice(0, mostTerms);
}

function rankTerms(terms: readonly (Term | null)[]): readonly Term[] {
  return terms.filter((term) => term !== null).sort((a, b) => b.difference - a.difference);
}

/** Squares of 0 and 1 say nothing new, and levels of one column exclude each other. */
function mayMultiply(a: Feature | undefined, b: Feature | undefined): boolean {
  if (!a || !b) return false;
  return a.columns[0] !== b.columns[0] || (a === b && a.name === a.columns[0]);
}

/** Difference of the sides' means in its standard errors; null when the term does not vary. */
function weigh(features: readonly Feature[], first: number, second: number | null, labels: Float64Array): Term | null {
  const a = features[first]?.values as Float64Array;
  const b = second === null ? null : (features[second]?.values as Float64Array);
  let [n, m, sumN, sumM, squares] = [0, 0, 0, 0, 0];
  for (let row = 0; row < labels.length; row++) {
    const value = b ? (a[row] as number) * (b[row] as number) : (a[row] as number);
    squares += value * value;
    if (labels[row] === 1) {
      m++;
      sumM += value;
    } else {
      n++;
      sumN += value;
    }
  }
  const rows = n + m;
  const mean = (sumN + sumM) / rows;
  const variance = squares / rows - mean * mean;
  if (!(variance > 1e-9) || n === 0 || m === 0) return null;
  const difference = Math.abs(sumM / m - sumN / n) / Math.sqrt(variance * (1 / n + 1 / m));
  return { first, second, mean, deviation: Math.sqrt(variance), difference };
}

function fillDesign(features: readonly Feature[], terms: readonly Term[], rows: number): Float64Array {
  const width = terms.length;
  const design = new Float64Array(rows * width);
  terms.forEach(({ first, second, mean, deviation }, i) => {
    const a = features[first]?.values as Float64Array;
    const b = second === null ? null : (features[second]?.values as Float64Array);
    for (let row = 0; row < rows; row++) {
      const value = b ? (a[row] as number) * (b[row] as number) : (a[row] as number);
      design[row * width + i] = (value - mean) / deviation;
    }
  });
  return design;
}

function nameTerm(features: readonly Feature[], { first, second }: Term) {
  const a = features[first] as Feature;
  if (second === null) return { name: a.name, columns: a.columns };
  if (second === first) return { name: `${a.name} squared`, columns: a.columns };
  const b = features[second] as Feature;
  return { name: `${a.name} × ${b.name}`, columns: [...a.columns, ...b.columns] };
}
