// Two shares compared: the pooled z test and Newcombe's interval of their difference.
import { wilsonInterval } from "./binomial.ts";
import { normalSurvival } from "./normal.ts";

export interface ProportionTest {
  readonly z: number;
  readonly pValue: number;
}

/** Pooled two-sided z test of x/n against y/m. Equal certain shares or an empty sample: z 0, p 1. */
export function testTwoProportions(x: number, n: number, y: number, m: number): ProportionTest {
  if (n === 0 || m === 0) return { z: 0, pValue: 1 };
  const pooled = (x + y) / (n + m);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  if (!(error > 0)) return { z: 0, pValue: 1 };
  const z = (x / n - y / m) / error;
  return { z, pValue: Math.min(1, 2 * normalSurvival(Math.abs(z))) };
}

/** Newcombe's hybrid score interval of y/m − x/n. [−1, 1] when a sample is empty. */
export function newcombeInterval(
  x: number,
  n: number,
  y: number,
  m: number,
  confidence: number,
): readonly [number, number] {
  if (n === 0 || m === 0) return [-1, 1];
  const first = x / n;
  const second = y / m;
  const [low1, high1] = wilsonInterval(x, n, confidence);
  const [low2, high2] = wilsonInterval(y, m, confidence);
  const difference = second - first;
  return [
    Math.max(-1, difference - Math.hypot(second - low2, high1 - first)),
    Math.min(1, difference + Math.hypot(high2 - second, first - low1)),
  ];
}
