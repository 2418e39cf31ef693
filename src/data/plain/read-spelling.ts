// Numbers that the loop leaves to us, because they are missing or rare.

/** Numbers as JavaScript and the engine both spell them, and what the engine calls those that are none: nothing else is taken here. */
const decimal = /^-?\d+(\.\d+)?(e[+-]?\d{1,3})?$/i;
const infinite = /^-?inf(inity)?$/i;
const notANumber = /^-?nan$/i;

/** NaN for a missing one; null for what only the engine can tell. */
export function readSpelling(text: string, missing: readonly string[]): number | null {
  if (missing.includes(text) || notANumber.test(text)) return Number.NaN;
  if (infinite.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}
