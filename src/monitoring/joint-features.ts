// The columns of a table as numbers on one scale, so that differences of whole rows can be looked for.
import type { Column, Table } from "../tables/table.ts";
import { inverseNormalRank } from "./normal-scores.ts";
import { listTrigrams } from "./text-parts.ts";

/** One number per row; `columns` are those of the table it is made from. */
export interface Feature {
  readonly name: string;
  readonly columns: readonly string[];
  readonly values: Float64Array;
}

/** Makes the features of one column for any rows; learned on the reference. */
export interface Encoder {
  readonly column: string;
  readonly encode: (column: Column) => readonly Feature[];
}

const mostLevels = 8;
const smallestShare = 0.01;
const mostTrigrams = 40;

/**
 * Learns how to encode each column from `rows` of the reference: numbers and lengths of text as normal scores of their
 * ranks there (so outliers and units do not matter), whether a text holds one of the frequent trigrams of either side, the eight largest categories as 0 and 1, missing cells as a number
 * of their own where they are 1 % or more. Scores have mean 0 and deviation about 1; a missing number is 0. Times and columns that never change
 * give nothing.
 */
export function learnEncoders(reference: Table, current: Table): readonly Encoder[] {
  return [...reference.columns.values()].flatMap((column): Encoder[] => {
    const other = current.columns.get(column.name);
    if (!other || column.type === "datetime") return [];
    const asTexts = typeof column.values[0] !== "number" && !(column.values instanceof Float64Array);
    const encoders = asTexts && column.type !== "text" ? [learnLevels(column)] : [learnScores(column)];
    const grams = column.type === "text" ? learnTrigrams(column, other) : [];
    return [...encoders, ...grams, ...learnMissing(column, other)];
  });
}

/** The numbers of an ordered column: its values, or the lengths of its texts; NaN where missing. */
export function readNumbers({ values }: Column): Float64Array {
  if (values instanceof Float64Array) return values;
  return Float64Array.from(values as readonly (string | null)[], (value) =>
    value === null ? Number.NaN : value.length,
  );
}

function learnScores(column: Column): Encoder {
  const sorted = readNumbers(column)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const name = column.type === "text" ? `length of ${column.name}` : column.name;
  return {
    column: column.name,
    encode: (rows) => {
      if (rows.values instanceof Float64Array !== column.values instanceof Float64Array) return [];
      const values = readNumbers(rows).map((value) => (Number.isNaN(value) ? 0 : inverseNormalRank(sorted, value)));
      return [{ name, columns: [column.name], values }];
    },
  };
}

function learnLevels(column: Column): Encoder {
  const counts = new Map<string, number>();
  for (const value of column.values) if (typeof value === "string") counts.set(value, (counts.get(value) ?? 0) + 1);
  const fewest = smallestShare * column.values.length;
  const levels = [...counts]
    .filter(([, count]) => count >= fewest)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, mostLevels);
  return {
    column: column.name,
    encode: (rows) =>
      levels.map(([level, count]) => encodeShare(column.name, level, count / column.values.length, rows)),
  };
}

function encodeShare(column: string, level: string, share: number, rows: Column): Feature {
  const deviation = Math.sqrt(Math.max(share * (1 - share), smallestShare));
  const values = Float64Array.from(
    rows.values as readonly unknown[],
    (value) => (Number(value === level) - share) / deviation,
  );
  return { name: `${column} = ${level}`, columns: [column], values };
}

/** Whether a text holds one of the most frequent trigrams of either side. */
function learnTrigrams(column: Column, other: Column): readonly Encoder[] {
  if (column.values instanceof Float64Array || other.values instanceof Float64Array) return [];
  const rank = (values: readonly (string | null)[]): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const value of values) {
      for (const gram of new Set(value === null ? [] : listTrigrams(value)))
        counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
    return new Map([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, mostTrigrams));
  };
  const reference = rank(column.values as readonly (string | null)[]);
  const grams = [...new Set([...reference.keys(), ...rank(other.values as readonly (string | null)[]).keys()])];
  const shares = grams.map((gram) => (reference.get(gram) ?? 0) / Math.max(1, column.values.length));
  return [
    {
      column: column.name,
      encode: ({ values }) => {
        const held = Array.from(
          values as ArrayLike<unknown>,
          (value) => new Set(listTrigrams(typeof value === "string" ? value : "")),
        );
        return grams.map((gram, i) => {
          const share = shares[i] ?? 0;
          const deviation = Math.sqrt(Math.max(share * (1 - share), smallestShare));
          const name = `${column.name} with ${JSON.stringify(gram)}`;
          return {
            name,
            columns: [column.name],
            values: Float64Array.from(held, (own) => (Number(own.has(gram)) - share) / deviation),
          };
        });
      },
    },
  ];
}

function learnMissing(column: Column, other: Column): readonly Encoder[] {
  const count = ({ values }: Column): number => {
    let missing = 0;
    for (const value of values) if (value === null || Number.isNaN(value)) missing++;
    return missing / Math.max(1, values.length);
  };
  const share = count(column);
  if (Math.max(share, count(other)) < smallestShare) return [];
  const deviation = Math.sqrt(Math.max(share * (1 - share), smallestShare));
  return [
    {
      column: column.name,
      encode: ({ values }) => [
        {
          name: `${column.name} missing`,
          columns: [column.name],
          values: Float64Array.from(
            values as readonly unknown[],
            (value) => (Number(value === null || Number.isNaN(value)) - share) / deviation,
          ),
        },
      ],
    },
  ];
}
