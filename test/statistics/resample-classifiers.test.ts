import fc from "fast-check";
import { expect, test } from "vitest";
import { createAreaEvaluator } from "../../src/evaluation/statistic.ts";
import { measureDelong } from "../../src/statistics/delong.ts";
import { createCountDrawer } from "../../src/statistics/draw-counts.ts";
import { resampleClassifiers } from "../../src/statistics/resample-classifiers.ts";
import { createRandom, type Random } from "../../src/statistics/rng.ts";
import { sortIndices } from "../../src/statistics/sort-order.ts";

const random = createRandom("classifiers");
const rows = 3000;
const labels = Float64Array.from({ length: rows }, () => (random.nextFloat() < 0.4 ? 1 : 0));
const score = (digits: number) =>
  labels.map((label) => Number((1 / (1 + Math.exp(-(label - 0.5 + random.nextNormal())))).toFixed(digits)));
const [baseline, candidate] = [score(2), score(6)];

/** A source that repeats the word for which every row is drawn once. */
function findRandomThatDrawsOnce(): Random {
  const counts = new Int32Array(rows);
  for (let index = 0; index < 4096; index += 128) {
    const repeated: Random = { ...random, fillWords: (words) => void words.fill(index | (index << 20)) };
    createCountDrawer(rows, repeated)(counts);
    if (counts.every((count) => count === 0x01010101)) return repeated;
  }
  throw new Error("no word draws every row once");
}

test("with every row once they are the plain values, ties included", () => {
  const once = findRandomThatDrawsOnce();
  const draws = resampleClassifiers(labels, baseline, candidate, 0.5, 1, once);
  const { areas } = measureDelong(labels, baseline, candidate);
  expect(draws.baseline.area[0]).toBeCloseTo(areas[0], 12);
  expect(draws.candidate.area[0]).toBeCloseTo(areas[1], 12);
  for (const [scores, { accuracy, f1 }] of [
    [baseline, draws.baseline],
    [candidate, draws.candidate],
  ] as const) {
    const count = (label: number, decided: boolean) =>
      labels.filter((one, row) => one === label && scores[row]! >= 0.5 === decided).length;
    expect(accuracy[0]).toBeCloseTo((count(1, true) + count(0, false)) / rows, 12);
    expect(f1[0]).toBeCloseTo((2 * count(1, true)) / (2 * count(1, true) + count(0, true) + count(1, false)), 12);
  }
});

test("their spread is DeLong's, and that of a paired share", () => {
  const draws = resampleClassifiers(labels, baseline, candidate, 0.5, 1500, createRandom("spread"));
  const deviation = (values: Float64Array) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  };
  const { variances, covariance } = measureDelong(labels, baseline, candidate);
  const difference = draws.candidate.area.map((value, at) => value - draws.baseline.area[at]!);
  expect(deviation(difference) / Math.sqrt(variances[0] + variances[1] - 2 * covariance)).toBeCloseTo(1, 0.9);
  const share = draws.candidate.accuracy[0]!;
  expect(deviation(draws.candidate.accuracy) / Math.sqrt((share * (1 - share)) / rows)).toBeCloseTo(1, 0.9);
});

test("long runs and ties, with rows drawn often, are counted as a plain count of pairs does", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }).chain((count) =>
        fc.record({
          labels: fc.array(fc.constantFrom(0, 1), { minLength: count, maxLength: count }),
          // From all scores equal to hardly any equal.
          levels: fc.constantFrom(1, 2, 10, 1000),
          seed: fc.integer(),
          /** Labels in the order of the scores, or not. */
          sorted: fc.boolean(),
        }),
      ),
      ({ labels: drawn, levels, seed, sorted }) => {
        const labels = Float64Array.from(drawn);
        const source = createRandom(String(seed));
        const draw = (label: number) => (source.nextInteger(levels) + (sorted ? levels * label : 0)) / (2 * levels);
        const [one, other] = [labels.map(draw), labels.map(draw)];
        const draws = resampleClassifiers(labels, one, other, 0.5, 4, createRandom(`draws ${seed}`));
        // The same counts: rows stand in the second model's order.
        const counts = new Int32Array(labels.length);
        createCountDrawer(labels.length, createRandom(`draws ${seed}`))(counts);
        const order = sortIndices(other);
        for (let lane = 0; lane < 4; lane += 1) {
          const weights = new Float64Array(labels.length);
          order.forEach((row, at) => {
            weights[row] = (counts[at]! >>> (8 * lane)) & 0xff;
          });
          for (const [scores, { area, accuracy }] of [
            [one, draws.baseline],
            [other, draws.candidate],
          ] as const) {
            const expected = createAreaEvaluator({ kind: "area", labels, scores })(weights);
            if (Number.isNaN(expected)) expect(area[lane]).toBeNaN();
            else expect(area[lane]).toBeCloseTo(expected, 12);
            const right = weights.filter((_, row) => labels[row] === Number(scores[row]! >= 0.5));
            expect(accuracy[lane]).toBeCloseTo(right.reduce((sum, weight) => sum + weight, 0) / labels.length, 12);
          }
        }
      },
    ),
    { seed: 7, numRuns: 200 },
  );
});

test("runs and ties of more rows than one sum holds", () => {
  const count = 10_000;
  const labels = Float64Array.from({ length: count }, (_, row) => Number(row < 4800));
  const equal = new Float64Array(count).fill(0.5);
  const apart = Float64Array.from({ length: count }, (_, row) => 1 - row / count);
  const draws = resampleClassifiers(labels, equal, apart, 0.5, 6, createRandom("long"));
  expect(draws.baseline.area).toEqual(new Float64Array(6).fill(0.5));
  expect(draws.candidate.area).toEqual(new Float64Array(6).fill(1));
});

test("an odd number of resamples, one class, and no rows", () => {
  const some = labels.subarray(0, 30);
  const scores = candidate.subarray(0, 30);
  const three = resampleClassifiers(some, scores, scores, 0.5, 3, createRandom("odd"));
  expect(three.candidate.area).toEqual(three.baseline.area);
  expect(three.candidate.area.every((value) => value > 0.3 && value <= 1)).toBe(true);
  const ones = new Float64Array(30).fill(1);
  expect(resampleClassifiers(ones, scores, scores, 0.5, 2, createRandom("one")).candidate.area[0]).toBeNaN();
  const empty = new Float64Array(0);
  expect(resampleClassifiers(empty, empty, empty, 0.5, 1, createRandom("none")).candidate.accuracy[0]).toBeNaN();
});
