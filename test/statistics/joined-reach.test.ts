import { describe, expect, test } from "vitest";
import { wilsonEnds } from "../../src/statistics/binomial.ts";
import { correlate, joinReach, type Reach, reachPairs } from "../../src/statistics/joined-reach.ts";
import { inferLargestContrast } from "../../src/statistics/largest-contrast.ts";
import { createRandom } from "../../src/statistics/rng.ts";

const z = 1.959963984540054;
const reachShare = (share: number, rows: number, distance: number): Reach => {
  const [low, high] = wilsonEnds(share, rows, distance);
  return [share - low, high - share];
};

describe("reach of a difference from those of two estimates", () => {
  test("of independent shares: Newcombe's interval", () => {
    // Newcombe (1998), method 10, 56/70 − 48/80: 0.0524 to 0.3339.
    const [below, above] = joinReach(reachShare(0.8, 70, z), reachShare(0.6, 80, z), 0);
    expect(0.2 - below).toBeCloseTo(0.0524, 4);
    expect(0.2 + above).toBeCloseTo(0.3339, 4);
  });

  test("alike and moving together, nothing is left", () => {
    expect(joinReach([0.1, 0.2], [0.2, 0.1], 1)).toEqual([0, 0].map(() => expect.closeTo(0, 12)));
    expect(correlate(2, 1, 4)).toBe(1);
    expect(correlate(0, 0, 4)).toBe(0);
  });

  test("of many, by the covariance of each pair", () => {
    const covariance = [Float64Array.of(1, 0.5), Float64Array.of(0.5, 1)];
    const reach = reachPairs((distance) => [0, 1].map((): Reach => [distance, distance]), covariance);
    // √(1 + 1 − 2 · ½) at one standard error.
    expect(reach({ first: 0, second: 1 }, 1)).toEqual([1, 1]);
    expect(reach({ first: 1, second: 0 }, 2)).toEqual([2, 2]);
  });
});

test("tests of the largest contrast invert its interval", () => {
  const shares = [0.5, 0.7, 0.9];
  const rows = 30;
  const covariance = shares.map((share, at) =>
    Float64Array.from(shares, (_, other) => (other === at ? (share * (1 - share)) / rows : 0)),
  );
  const contrasts = shares.flatMap((one, first) =>
    shares.flatMap((other, second) => (first === second ? [] : [{ first, second, value: one - other }])),
  );
  const reaches = (distance: number) => shares.map((share) => reachShare(share, rows, distance));
  const inference = inferLargestContrast(contrasts, covariance, reaches, createRandom("largest"));
  expect(inference.estimate).toBeCloseTo(0.4, 12);
  for (const confidence of [0.8, 0.95, 0.99]) {
    const [low, high] = inference.interval(confidence);
    expect(inference.pValueAbove(low)).toBeCloseTo((1 - confidence) / 2, 3);
    expect(inference.pValueBelow(high)).toBeCloseTo((1 - confidence) / 2, 3);
  }
  expect(inference.pValueAbove(0.5)).toBe(1);
});
