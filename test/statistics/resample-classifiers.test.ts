import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinPredictions } from "../../src/evaluation/metric-rows.ts";
import { averagePrecision } from "../../src/evaluation/metrics/average-precision.ts";
import { recallAtFpr } from "../../src/evaluation/metrics/recall-at-fpr.ts";
import { evaluateStatistic } from "../../src/evaluation/statistic.ts";
import { measureDelong } from "../../src/statistics/delong.ts";
import { leaveOutOfClassifiers, type Reading, resampleClassifiers } from "../../src/statistics/resample-classifiers.ts";
import { createRandom } from "../../src/statistics/rng.ts";

const rate = 0.1;
const plain = (units: number) => ({ units, unitOfRow: null });
const rowOf = (rows: number) => Int32Array.from({ length: rows }, (_, row) => row);

/** The same by the definitions, one resample at a time: `weights` is how often each row was drawn. */
function measureByDefinition(labels: Float64Array, scores: Float64Array, weights: Float64Array) {
  const rows = joinPredictions(
    {
      task: "binary",
      rows: labels.length,
      labels,
      classes: ["0", "1"],
      threshold: 0.5,
      weights: null,
      clusters: null,
      blockLength: null,
      columns: new Map(),
    },
    { values: scores, probabilities: null, columns: new Map() },
  );
  return [
    evaluateStatistic({ kind: "area", labels, scores }, weights),
    evaluateStatistic(averagePrecision.measure(rows, new Map()), weights),
    evaluateStatistic(recallAtFpr.measure(rows, new Map([["fpr", rate]])), weights),
  ];
}

const readScore = (labels: Float64Array, scores: Float64Array): readonly Reading[] => [
  { of: "area", labels, scores },
  { of: "average-precision", labels, scores },
  { of: "recall-within", rate, labels, scores },
];

describe("what is read from many resamples at once", () => {
  test("is what the definitions say of each of them, with ties, groups, and rows of one class", () => {
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
            rowsPerGroup: fc.constantFrom(1, 3),
            resamples: fc.integer({ min: 1, max: 20 }),
          }),
        ),
        ({ labels: drawn, levels, seed, sorted, rowsPerGroup, resamples }) => {
          const labels = Float64Array.from(drawn);
          const rows = labels.length;
          const source = createRandom(String(seed));
          const score = (label: number) => (source.nextInteger(levels) + (sorted ? levels * label : 0)) / (2 * levels);
          const scores = labels.map(score);
          const groups = {
            units: Math.ceil(rows / rowsPerGroup),
            unitOfRow: rowOf(rows).map((row) => Math.floor(row / rowsPerGroup)),
          };
          const [counts, ...draws] = resampleClassifiers(
            [{ of: "cells", cellOfRow: rowOf(rows), cells: rows }, ...readScore(labels, scores)],
            rowsPerGroup === 1 ? plain(rows) : groups,
            resamples,
            createRandom(`draws ${seed}`),
          );
          for (let at = 0; at < resamples; at += 1) {
            const weights = Float64Array.from({ length: rows }, (_, row) => counts![row * resamples + at]!);
            measureByDefinition(labels, scores, weights).forEach((expected, reading) => {
              if (Number.isNaN(expected)) expect(draws[reading]![at]).toBeNaN();
              else expect(draws[reading]![at]).toBeCloseTo(expected, 12);
            });
          }
        },
      ),
      { seed: 7, numRuns: 150 },
    );
  });

  test("does not depend on what else is read, nor on how many resamples follow", () => {
    const random = createRandom("beside");
    const labels = Float64Array.from({ length: 500 }, () => random.nextInteger(2));
    const scores = labels.map((label) => label + random.nextNormal());
    const all = resampleClassifiers(readScore(labels, scores), plain(500), 40, createRandom("one"));
    const alone = readScore(labels, scores).map(
      (reading) => resampleClassifiers([reading], plain(500), 17, createRandom("one"))[0]!,
    );
    expect(alone).toEqual(all.map((draws) => draws.slice(0, 17)));
  });

  test("without each group in turn is what the definitions say of the other rows", () => {
    const random = createRandom("left out");
    const [rows, units] = [200, 37];
    const labels = Float64Array.from({ length: rows }, () => random.nextInteger(2));
    const scores = labels.map((label) => Math.round(3 * (label + random.nextNormal())));
    const unitOfRow = Int32Array.from({ length: rows }, () => random.nextInteger(units));
    const left = leaveOutOfClassifiers(readScore(labels, scores), { units, unitOfRow });
    for (let unit = 0; unit < units; unit += 1) {
      const weights = Float64Array.from(unitOfRow, (one) => Number(one !== unit));
      measureByDefinition(labels, scores, weights).forEach((expected, reading) => {
        expect(left[reading]![unit]).toBeCloseTo(expected, 12);
      });
    }
  });

  test("is the same on every machine", () => {
    const labels = Float64Array.from({ length: 1000 }, (_, row) => Number(row % 3 === 0));
    const scores = labels.map((label, row) => ((row * 7919) % 1000) / 1000 + 0.2 * label);
    const draws = resampleClassifiers(readScore(labels, scores), plain(1000), 3, createRandom("pinned"));
    expect(draws.map((one) => Array.from(one, (value) => value.toFixed(12)))).toMatchInlineSnapshot(`
      [
        [
          "0.670636304749",
          "0.669436797226",
          "0.671599147122",
        ],
        [
          "0.576125292863",
          "0.592461747809",
          "0.573572436110",
        ],
        [
          "0.300911854103",
          "0.304733727811",
          "0.289552238806",
        ],
      ]
    `);
  });

  test("holds for more rows than one sum in 16 bits", () => {
    const rows = 10_000;
    const labels = Float64Array.from({ length: rows }, (_, row) => Number(row < 4800));
    const equal = new Float64Array(rows).fill(0.5);
    const apart = Float64Array.from({ length: rows }, (_, row) => 1 - row / rows);
    const draws = resampleClassifiers(
      [...readScore(labels, equal), ...readScore(labels, apart)],
      plain(rows),
      6,
      createRandom("long"),
    );
    expect(draws[0]).toEqual(new Float64Array(6).fill(0.5));
    expect(draws[2]).toEqual(new Float64Array(6).fill(0));
    for (const perfect of draws.slice(3)) expect(perfect).toEqual(new Float64Array(6).fill(1));
  });

  test("spreads as DeLong's theory and as a paired share say", () => {
    const random = createRandom("classifiers");
    const rows = 3000;
    const labels = Float64Array.from({ length: rows }, () => (random.nextFloat() < 0.4 ? 1 : 0));
    const score = (digits: number) =>
      labels.map((label) => Number((1 / (1 + Math.exp(-(label - 0.5 + random.nextNormal())))).toFixed(digits)));
    const [baseline, candidate] = [score(2), score(6)];
    const resamples = 2000;
    const right = Int32Array.from(labels, (label, row) => Number(candidate[row]! >= 0.5 === (label === 1)));
    const [before, after, shares] = resampleClassifiers(
      [
        { of: "area", labels, scores: baseline },
        { of: "area", labels, scores: candidate },
        { of: "cells", cellOfRow: right, cells: 2 },
      ],
      plain(rows),
      resamples,
      createRandom("spread"),
    );
    const { variances, covariance } = measureDelong(labels, baseline, candidate);
    const difference = after!.map((value, at) => value - before![at]!);
    expect(deviation(difference) / Math.sqrt(variances[0] + variances[1] - 2 * covariance)).toBeCloseTo(1, 0.9);
    const share = right.reduce((sum, value) => sum + value, 0) / rows;
    const hits = shares!.slice(resamples).map((count) => count / rows);
    expect(deviation(hits) / Math.sqrt((share * (1 - share)) / rows)).toBeCloseTo(1, 0.9);
  });

  test("is not a number without rows", () => {
    const none = new Float64Array(0);
    for (const draws of resampleClassifiers(readScore(none, none), plain(0), 2, createRandom("none")))
      expect(draws).toEqual(new Float64Array(2).fill(Number.NaN));
  });
});

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
