// What characters texts hold, by ranges that no version of Unicode moves: every engine counts the same.

/** Ranges of code points, both ends in. */
type Ranges = readonly (readonly [number, number])[];

/** In the order in which profiles count them. */
export const characterClasses: readonly { readonly name: string; readonly ranges: Ranges }[] = [
  {
    name: "latin letters",
    ranges: [
      [0x41, 0x5a],
      [0x61, 0x7a],
      [0xc0, 0xd6],
      [0xd8, 0xf6],
      [0xf8, 0x24f],
      [0x1e00, 0x1eff],
    ],
  },
  {
    name: "other scripts",
    ranges: [
      [0x250, 0x1dff],
      [0x1f00, 0x1fff],
      [0x2c00, 0x2dff],
      [0x3005, 0x3007],
      [0x3040, 0xd7ff],
      [0xf900, 0xfdff],
      [0xfe70, 0xfefc],
      [0xff21, 0xffdc],
      [0x10000, 0x1cfff],
      [0x1e000, 0x1efff],
      [0x20000, 0x3ffff],
    ],
  },
  { name: "digits", ranges: [[0x30, 0x39]] },
  {
    name: "spaces",
    ranges: [
      [0x09, 0x0d],
      [0x20, 0x20],
      [0xa0, 0xa0],
      [0x2000, 0x200a],
      [0x2028, 0x2029],
      [0x202f, 0x202f],
      [0x205f, 0x205f],
      [0x3000, 0x3000],
    ],
  },
  {
    name: "punctuation",
    ranges: [
      [0x21, 0x2f],
      [0x3a, 0x40],
      [0x5b, 0x60],
      [0x7b, 0x7e],
      [0xa1, 0xbf],
      [0x2010, 0x2027],
      [0x2030, 0x205e],
      [0x3001, 0x3003],
      [0x3008, 0x3011],
      [0xff01, 0xff20],
    ],
  },
  {
    name: "symbols and emoji",
    ranges: [
      [0xd7, 0xd7],
      [0xf7, 0xf7],
      [0x20a0, 0x20cf],
      [0x2100, 0x2bff],
      [0x1d000, 0x1dfff],
      [0x1f000, 0x1faff],
    ],
  },
  {
    name: "control and broken characters",
    ranges: [
      [0x01, 0x08],
      [0x0e, 0x1f],
      [0x7f, 0x9f],
      [0x200b, 0x200f],
      [0xfeff, 0xfeff],
      [0xfffd, 0xfffd],
    ],
  },
];

/** A class as RE2 (DuckDB, ClickHouse) writes it. */
export function renderClass({ ranges }: { readonly ranges: Ranges }): string {
  return `[${ranges.map(([from, to]) => `\\x{${from.toString(16)}}-\\x{${to.toString(16)}}`).join("")}]`;
}

const patterns = characterClasses.map(
  ({ ranges }) =>
    new RegExp(`[${ranges.map(([from, to]) => `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`).join("")}]`, "u"),
);

/** Whether the text holds a character of each class. */
export function findClasses(text: string): readonly boolean[] {
  return patterns.map((pattern) => pattern.test(text));
}

/** How many of the texts hold a character of each class; `texts` gives how often each text occurs. */
export function countCharacterClasses(texts: ReadonlyMap<string, number>): readonly number[] {
  const counts = patterns.map(() => 0);
  for (const [text, times] of texts) {
    patterns.forEach((pattern, i) => {
      if (pattern.test(text)) counts[i] = (counts[i] as number) + times;
    });
  }
  return counts;
}

/** The sums of both; null when one was made without. */
export function mergeCharacterClasses(
  a: readonly number[] | null | undefined,
  b: readonly number[] | null | undefined,
): readonly number[] | null {
  return a && b ? a.map((count, i) => count + (b[i] ?? 0)) : null;
}

/** A class that fewer than `smallest` rows hold is held by none, one that fewer lack by all. */
export function hideRareClasses(counts: readonly number[], present: number, smallest: number): readonly number[] {
  return counts.map((count) => (count < smallest ? 0 : present - count < smallest ? present : count));
}
