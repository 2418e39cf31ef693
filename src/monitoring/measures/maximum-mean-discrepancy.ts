// Maximum mean discrepancy with its p-value.
import { type DiscrepancyTest, type Points, testDiscrepancy } from "../../statistics/maximum-mean-discrepancy.ts";
import { createRandom } from "../../statistics/rng.ts";
import type { ColumnPair } from "../column-pair.ts";
import { defineDriftMeasure } from "../drift-measure.ts";

const mostValues = 200;
const permutations = 199;

export const mmd = defineDriftMeasure({
  id: "mmd",
  summary:
    "unbiased squared maximum mean discrepancy of up to 200 finite values a side, Gaussian kernel at the median distance; may be negative",
  onDemand: true,
  compute: (pair) => testOnce(pair)?.statistic ?? null,
});

export const mmdPValue = defineDriftMeasure({
  id: "mmdPValue",
  summary: "its permutation p-value, (k + 1) / 200",
  onDemand: true,
  compute: (pair) => testOnce(pair)?.pValue ?? null,
});

/** Both measures read one test. */
const tested = new WeakMap<ColumnPair, DiscrepancyTest | null>();

function testOnce(pair: ColumnPair): DiscrepancyTest | null {
  const known = tested.get(pair);
  if (known !== undefined) return known;
  const made = test(pair);
  tested.set(pair, made);
  return made;
}

/** The same rows give the same answer: the seeds are fixed. */
function test(pair: ColumnPair): DiscrepancyTest | null {
  const samples = pair.ordered ? pair.samples() : null;
  if (!samples) return null;
  const a = pick(samples.reference, `reference ${pair.name}`);
  const b = pick(samples.current, `current ${pair.name}`);
  if (a.length < 2 || b.length < 2) return null;
  return testDiscrepancy(a, b, permutations, createRandom(`mmd ${pair.name}`));
}

/** Finite values, at random without putting back. */
function pick(sorted: Float64Array, seed: string): Points {
  const random = createRandom(seed);
  const finite = sorted.filter(Number.isFinite);
  if (finite.length <= mostValues) return Array.from(finite, (value) => [value]);
  const chosen = new Set<number>();
  while (chosen.size < mostValues) chosen.add(random.nextInteger(finite.length));
  return [...chosen].map((at) => [finite[at] ?? 0]);
}
