// What is known about one area under a ROC curve.
import { type Inference, inferNormal } from "./inference.ts";
import { studentTQuantile, studentTSurvival } from "./student-t.ts";

/**
 * On the logit scale (Pepe 2003) with Student's t of the smaller class: on its own scale an area near 1 has intervals that are too short (0.85 … 0.90
 * instead of 0.95 for fifty rows of each class) and reach beyond 1. `rows`: of the smaller class. An area of 0 or 1 shows no variation.
 */
export function inferArea(area: number, standardError: number, rows: number): Inference {
  if (!(standardError > 0 && area > 0 && area < 1)) return inferNormal(area, 0);
  const freedom = Math.max(1, rows - 1);
  const centre = Math.log(area / (1 - area));
  const spread = standardError / (area * (1 - area));
  const back = (logit: number): number => 1 / (1 + Math.exp(-logit));
  const score = (limit: number): number => {
    if (limit <= 0) return Number.POSITIVE_INFINITY;
    return limit >= 1 ? Number.NEGATIVE_INFINITY : (centre - Math.log(limit / (1 - limit))) / spread;
  };
  return {
    estimate: area,
    standardError,
    interval: (confidence) => {
      const half = studentTQuantile((1 + confidence) / 2, freedom) * spread;
      return [back(centre - half), back(centre + half)];
    },
    pValueAbove: (limit) => studentTSurvival(score(limit), freedom),
    pValueBelow: (limit) => studentTSurvival(-score(limit), freedom),
  };
}
