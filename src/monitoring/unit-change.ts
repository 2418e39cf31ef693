// Guesses that a column is given in another unit: a known conversion makes the current values fit the reference again.
import { binMean, countValues, type OrderedHistogram } from "./ordered-histogram.ts";

export interface UnitChange {
  readonly description: string;
  readonly factor: number;
  readonly offset: number;
}

/** current = factor · reference + offset. */
const conversions: readonly UnitChange[] = [
  { description: "degrees Fahrenheit instead of Celsius", factor: 1.8, offset: 32 },
  { description: "degrees Celsius instead of Fahrenheit", factor: 1 / 1.8, offset: -32 / 1.8 },
  { description: "kelvin instead of degrees Celsius", factor: 1, offset: 273.15 },
  { description: "degrees Celsius instead of kelvin", factor: 1, offset: -273.15 },
  ...[10, 100, 1000, 1e6].flatMap((factor) => [
    { description: `values ${factor} times as large`, factor, offset: 0 },
    { description: `values ${factor} times as small`, factor: 1 / factor, offset: 0 },
  ]),
  { description: "kilometres instead of miles", factor: 1.609344, offset: 0 },
  { description: "miles instead of kilometres", factor: 1 / 1.609344, offset: 0 },
  { description: "kilometres per hour instead of metres per second", factor: 3.6, offset: 0 },
  { description: "millimetres instead of inches", factor: 25.4, offset: 0 },
  { description: "inches instead of millimetres", factor: 1 / 25.4, offset: 0 },
  { description: "pounds instead of kilograms", factor: 2.20462262, offset: 0 },
  { description: "kilograms instead of pounds", factor: 1 / 2.20462262, offset: 0 },
];

/** As they are, the two must be at least this far apart, and converted no farther than `closeDistance`. */
const farDistance = 0.7;
const closeDistance = 0.45;
const fewestValues = 50;

/**
 * The conversion after which the two are closest, when they were far apart before and are at most half as far after.
 * Mostly-zero columns say nothing about their unit. Null when nothing fits or there are fewer than 50 values on a side.
 */
export function guessUnitChange(reference: OrderedHistogram, current: OrderedHistogram): UnitChange | null {
  if (countValues(reference) < fewestValues || countValues(current) < fewestValues) return null;
  const [before, after] = [toSteps(reference), toSteps(current)];
  const distance = measureDistance(before, after, 1, 0);
  if (distance < farDistance) return null;
  let best: UnitChange | null = null;
  let closest = Math.min(closeDistance, distance / 2);
  for (const conversion of conversions) {
    const converted = measureDistance(before, after, conversion.factor, conversion.offset);
    if (converted < closest) {
      best = conversion;
      closest = converted;
    }
  }
  return best;
}

interface Step {
  readonly at: number;
  readonly share: number;
}

function toSteps(histogram: OrderedHistogram): readonly Step[] {
  const total = countValues(histogram);
  // A group of a published profile without ends has no mean.
  return Array.from(histogram.keys, (_, i) => ({
    at: binMean(histogram, i),
    share: (histogram.counts[i] as number) / total,
  })).filter(({ at }) => !Number.isNaN(at));
}

/** Largest distance of the distribution functions after converting the reference. */
function measureDistance(reference: readonly Step[], current: readonly Step[], factor: number, offset: number): number {
  let i = 0;
  let j = 0;
  let difference = 0;
  let largest = 0;
  while (i < reference.length || j < current.length) {
    const left = i < reference.length ? factor * (reference[i] as Step).at + offset : Number.POSITIVE_INFINITY;
    const right = j < current.length ? (current[j] as Step).at : Number.POSITIVE_INFINITY;
    const tied = left === right || Math.abs(left - right) <= 1e-9 * Math.max(1, Math.abs(left));
    // A side that is used up stands at infinity, beside values that are infinite.
    const taken = i < reference.length && (left < right || tied || j >= current.length);
    if (taken) difference += (reference[i++] as Step).share;
    if (j < current.length && (right < left || tied || !taken)) difference -= (current[j++] as Step).share;
    largest = Math.max(largest, Math.abs(difference));
  }
  return largest;
}
