// The part of a profile's document about pairs of columns: exact sums and hashes of rows as short texts.
import { z } from "zod";
import { InputError } from "../errors.ts";
import { listPairs, type PairSums, type Relations } from "../monitoring/correlations.ts";
import type { Exact } from "../monitoring/exact-sum.ts";
import { mostRelated, mostRows } from "../monitoring/row-sample.ts";

const Words = z
  .string()
  .max(1_000_000)
  .regex(/^[0-9a-z -]*$/);

export const PackedRelations = z.object({
  /** Numeric columns; pairs are (0,1), (0,2), (1,2), (0,3), … */
  columns: z.array(z.string()).min(2).max(mostRelated),
  level: z.number().int().min(0).max(16),
  /** Hashes of the sample's rows, each as the distance to the one before, in base 36. */
  hashes: Words,
  strata: z
    .array(
      z.object({
        level: z.number().int().min(0).max(16),
        /** Of each pair rows, x, y, x², y², xy, each as mantissa and power of two, in base 36. */
        pairs: z.array(Words),
      }),
    )
    .max(17),
});

export function packRelations({ columns, level, hashes, strata }: Relations): z.infer<typeof PackedRelations> {
  return {
    columns: [...columns],
    level,
    hashes: hashes.map((hash, i) => (hash - (hashes[i - 1] ?? 0)).toString(36)).join(" "),
    strata: strata.map((stratum) => ({
      level: stratum.level,
      pairs: stratum.pairs.map((sums) =>
        sums.map(({ mantissa, exponent }) => `${mantissa.toString(36)} ${exponent.toString(36)}`).join(" "),
      ),
    })),
  };
}

/** Throws InputError when its parts do not fit together. */
export function unpackRelations(packed: z.infer<typeof PackedRelations>, file: string): Relations {
  let hash = 0;
  const hashes = packed.hashes.split(" ").flatMap((word) => {
    if (word === "") return [];
    hash += Number.parseInt(word, 36);
    return [hash];
  });
  const pairs = listPairs(packed.columns.length).length;
  const strata = packed.strata.map((stratum) => ({ level: stratum.level, pairs: stratum.pairs.map(readSums) }));
  const sound = strata.every(
    (stratum) => stratum.pairs.length === pairs && stratum.pairs.every((sums) => sums !== null),
  );
  if (!sound || hashes.length > mostRows || !(hash < 2 ** 32)) {
    throw new InputError({ message: `${file}: the sums of pairs of columns do not fit together`, file });
  }
  return { columns: packed.columns, level: packed.level, hashes, strata: strata as Relations["strata"] };
}

function readSums(text: string): PairSums | null {
  const words = text.split(" ");
  if (words.length !== 12 || words.includes("")) return null;
  return [0, 2, 4, 6, 8, 10].map(
    (at): Exact => ({ mantissa: readInteger(words[at] ?? ""), exponent: Number.parseInt(words[at + 1] ?? "", 36) }),
  ) as unknown as PairSums;
}

function readInteger(word: string): bigint {
  let value = 0n;
  for (const digit of word.replace("-", "")) value = value * 36n + BigInt(Number.parseInt(digit, 36));
  return word.startsWith("-") ? -value : value;
}
