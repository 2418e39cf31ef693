// Tells free text and keys from categories by the values themselves.

/**
 * True when a column of texts is better described by its texts' form than by their frequencies: more than 100 different
 * values, and either nearly all rows differ or the texts are long. Missing values do not count.
 */
export function isFreeText(values: readonly (string | null)[]): boolean {
  const distinct = new Set<string>();
  let present = 0;
  let length = 0;
  for (const value of values) {
    if (value === null) continue;
    present++;
    length += value.length;
    if (distinct.size <= 1_000_000) distinct.add(value);
  }
  return isFreeTextSummary(present, distinct.size, present === 0 ? 0 : length / present);
}

/** The same from a summary: values present, different values, mean length in characters. */
export function isFreeTextSummary(present: number, distinct: number, meanLength: number): boolean {
  if (distinct <= 100) return false;
  return distinct > present * 0.8 || (meanLength > 50 && distinct > present * 0.2);
}
