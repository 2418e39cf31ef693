// The largest of many differences between groups, with an interval that holds for all of them at once (max-T).
import type { Inference } from "./inference.ts";
import type { Random } from "./rng.ts";

/** `value` = mean of group `first` − mean of group `second`; the variances are those of the two means, which are independent. */
export interface GroupContrast {
  readonly first: number;
  readonly second: number;
  readonly value: number;
}

const draws = 4000;

/**
 * The largest contrast: its interval reaches from the largest lower to the largest upper end of simultaneous intervals of all contrasts, whose common
 * critical value is drawn from normal means with the given variances (one per group). Resampling the maximum itself would never cover equality.
 */
export function inferLargestContrast(
  contrasts: readonly GroupContrast[],
  variances: readonly number[],
  random: Random,
): Inference {
  const errors = contrasts.map(({ first, second }) => Math.sqrt(variances[first]! + variances[second]!));
  const maxima = drawMaxima(contrasts, variances, errors, random);
  const largest = (shift: number): number =>
    contrasts.reduce((most, { value }, at) => Math.max(most, value + shift * errors[at]!), Number.NEGATIVE_INFINITY);
  const tail = (critical: number): number => {
    let beyond = 0;
    for (const maximum of maxima) if (maximum >= critical) beyond += 1;
    return (beyond + 1) / (draws + 1) / 2;
  };
  const estimate = largest(0);
  return {
    estimate,
    standardError: errors[contrasts.findIndex(({ value }) => value === estimate)] ?? 0,
    interval: (confidence) => {
      const critical = maxima[Math.min(draws - 1, Math.ceil(confidence * (draws + 1)) - 1)]!;
      return [largest(-critical), largest(critical)];
    },
    pValueAbove: (limit) =>
      tail(
        contrasts.reduce(
          (most, { value }, at) => Math.max(most, (value - limit) / errors[at]!),
          Number.NEGATIVE_INFINITY,
        ),
      ),
    pValueBelow: (limit) =>
      tail(
        contrasts.reduce(
          (least, { value }, at) => Math.min(least, (limit - value) / errors[at]!),
          Number.POSITIVE_INFINITY,
        ),
      ),
  };
}

/** Ascending maxima of |Z_first − Z_second| / error over all contrasts. */
function drawMaxima(
  contrasts: readonly GroupContrast[],
  variances: readonly number[],
  errors: readonly number[],
  random: Random,
): Float64Array {
  const deviations = variances.map(Math.sqrt);
  const means = new Float64Array(variances.length);
  const maxima = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw += 1) {
    for (let group = 0; group < means.length; group += 1) means[group] = deviations[group]! * random.nextNormal();
    let most = 0;
    for (let at = 0; at < contrasts.length; at += 1) {
      const { first, second } = contrasts[at]!;
      most = Math.max(most, Math.abs(means[first]! - means[second]!) / errors[at]!);
    }
    maxima[draw] = most;
  }
  return maxima.sort();
}
