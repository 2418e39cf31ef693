// McNemar's test: do two classifiers err equally often on the same rows?
import { binomialCdf, binomialMass } from "./binomial.ts";
import { chiSquareSurvival } from "./chi-square.ts";

export interface McnemarResult {
  /** χ² without continuity correction, (b − c)² / (b + c). */
  readonly statistic: number;
  readonly pValue: number;
  /** χ² and p with Edwards's continuity correction. */
  readonly corrected: { readonly statistic: number; readonly pValue: number };
  readonly exactPValue: number;
  /** Two-sided mid-p: exact, less half the chance of what was seen (Fagerland et al. 2013). */
  readonly midPValue: number;
}

/** From the discordant counts: rows only the first gets right, rows only the second gets right. Without any, every p is 1 and χ² 0. */
export function testMcnemar(first: number, second: number): McnemarResult {
  const total = first + second;
  if (total === 0)
    return { statistic: 0, pValue: 1, corrected: { statistic: 0, pValue: 1 }, exactPValue: 1, midPValue: 1 };
  const statistic = (first - second) ** 2 / total;
  const corrected = Math.max(0, Math.abs(first - second) - 1) ** 2 / total;
  const smaller = Math.min(first, second);
  const tail = binomialCdf(smaller, total, 0.5);
  const mass = binomialMass(smaller, total, 0.5);
  return {
    statistic,
    pValue: chiSquareSurvival(statistic, 1),
    corrected: { statistic: corrected, pValue: chiSquareSurvival(corrected, 1) },
    exactPValue: Math.min(1, 2 * tail),
    midPValue: first === second ? 1 - mass : Math.min(1, 2 * tail - mass),
  };
}
