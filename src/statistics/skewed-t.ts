// Student's t with its skewness taken out: for means of losses, most of which are small and few of which are large.
import type { Inference } from "./inference.ts";
import { studentTQuantile, studentTSurvival } from "./student-t.ts";

/**
 * Hall's (1992) transformation g(t) = t + 2at² + 4a²t³/3 + a of t = (estimate − truth) / standardError, which is increasing and takes skewness out to the
 * second order; g(t) is then taken for Student's. `acceleration` a = skewness of the units / (6 √units), as in BCa; with 0 this is Student's t itself.
 */
export function inferSkewed(estimate: number, standardError: number, freedom: number, acceleration: number): Inference {
  const a = Math.abs(acceleration) < 1e-9 ? 0 : acceleration;
  const straighten = (t: number): number => (a === 0 ? t : ((1 + 2 * a * t) ** 3 - 1) / (6 * a) + a);
  const bend = (x: number): number => (a === 0 ? x : (Math.cbrt(1 + 6 * a * (x - a)) - 1) / (2 * a));
  const score = (limit: number): number => straighten((estimate - limit) / standardError);
  return {
    estimate,
    standardError,
    interval: (confidence) => {
      const t = studentTQuantile((1 + confidence) / 2, freedom);
      return [estimate - bend(t) * standardError, estimate - bend(-t) * standardError];
    },
    pValueAbove: (limit) => studentTSurvival(score(limit), freedom),
    pValueBelow: (limit) => studentTSurvival(-score(limit), freedom),
  };
}
