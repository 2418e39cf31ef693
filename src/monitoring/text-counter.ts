// Counts texts while they stream by, by a hash that came with them: a text is read only when its hash is new.
import { mostBins } from "./ordered-histogram.ts";

export interface TextCounter {
  /** Counts the first `length` rows of a chunk; `readText` gives the text of a row, null when missing. */
  readonly add: (hashes: BigUint64Array, length: number, readText: (row: number) => string | null) => void;
  /** The texts with their counts; null when they were more than `mostBins`, which nothing here is kept of. */
  readonly finish: () => ReadonlyMap<string, number> | null;
}

const slotBits = 14;
const slots = 1 << slotBits;

interface Slots {
  readonly words: Uint32Array;
  /** One more than the index of the text; 0 marks a free slot. */
  readonly numbers: Uint16Array;
  readonly counts: number[];
  readonly texts: (string | null)[];
}

/** Equal texts must come with equal hashes of 64 bits, and so must missing ones, which are not counted. */
export function createTextCounter(): TextCounter {
  let held: Slots | null = {
    words: new Uint32Array(2 * slots),
    numbers: new Uint16Array(slots),
    counts: [],
    texts: [],
  };
  return {
    add: (hashes, length, readText) => {
      if (held && !countHashes(held, hashes, length, readText)) held = null;
    },
    finish: () => {
      if (!held) return null;
      const counted = new Map<string, number>();
      held.texts.forEach((text, i) => {
        if (text !== null) counted.set(text, (counted.get(text) ?? 0) + (held?.counts[i] as number));
      });
      return counted.size > mostBins ? null : counted;
    },
  };
}

/** False when there are too many different texts. */
function countHashes(
  { words, numbers, counts, texts }: Slots,
  hashes: BigUint64Array,
  length: number,
  readText: (row: number) => string | null,
): boolean {
  const parts = new Uint32Array(hashes.buffer, hashes.byteOffset, 2 * length);
  for (let row = 0; row < length; row++) {
    const low = parts[2 * row] as number;
    const high = parts[2 * row + 1] as number;
    let at = high >>> (32 - slotBits);
    while (numbers[at] !== 0 && (words[2 * at] !== low || words[2 * at + 1] !== high)) at = (at + 1) & (slots - 1);
    let number = numbers[at] as number;
    if (number === 0) {
      // One more for the missing ones.
      if (texts.length > mostBins) return false;
      number = texts.push(readText(row));
      counts.push(0);
      numbers[at] = number;
      words[2 * at] = low;
      words[2 * at + 1] = high;
    }
    counts[number - 1] = (counts[number - 1] as number) + 1;
  }
  return true;
}
