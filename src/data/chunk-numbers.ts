// Numbers and texts out of the engine's chunks.
import type { DuckDBDataChunk } from "@duckdb/node-api";

/** A DOUBLE column of a chunk: the vector's own array when it has one (ten times faster), else value by value. */
export function copyNumbers(chunk: DuckDBDataChunk, index: number): Float64Array {
  const vector = chunk.getColumnVector(index);
  const items: unknown = Reflect.get(vector, "items");
  if (items instanceof Float64Array) return items.slice(0, chunk.rowCount);
  return Float64Array.from({ length: chunk.rowCount }, (_, row) => Number(vector.getItem(row) ?? Number.NaN));
}

/** The parts one after another. */
export function joinNumbers(parts: readonly Float64Array[]): Float64Array {
  const values = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    values.set(part, offset);
    offset += part.length;
  }
  return values;
}

/** A DOUBLE or BIGINT column of a chunk without NULL, to be read before the next chunk is fetched: the vector's own memory when it has some. */
export function viewNumbers(chunk: DuckDBDataChunk, index: number): Float64Array | BigInt64Array {
  const vector = chunk.getColumnVector(index);
  const items: unknown = Reflect.get(vector, "items");
  if (items instanceof Float64Array || items instanceof BigInt64Array) return items;
  const values = Array.from({ length: chunk.rowCount }, (_, row) => vector.getItem(row));
  return values.some((value) => typeof value === "bigint")
    ? BigInt64Array.from(values as bigint[])
    : Float64Array.from(values as number[]);
}

/** A column of `hash(…)` of a chunk, to be read before the next chunk is fetched. */
export function viewHashes(chunk: DuckDBDataChunk, index: number): BigUint64Array {
  const vector = chunk.getColumnVector(index);
  const items: unknown = Reflect.get(vector, "items");
  if (items instanceof BigUint64Array) return items;
  return BigUint64Array.from({ length: chunk.rowCount }, (_, row) => vector.getItem(row) as bigint);
}

/** One text of a VARCHAR column of a chunk; null when missing. */
export function readText(chunk: DuckDBDataChunk, index: number, row: number): string | null {
  return chunk.getColumnVector(index).getItem(row) as string | null;
}

export interface NumberKeeper {
  readonly add: (values: Float64Array, length: number) => void;
  /** All numbers but NaN, of which `missing` were added, in the order they came. */
  readonly finish: (missing: number) => Float64Array;
}

const firstKept = 65_536;
/** Memory that is not written to is not taken: large steps cost nothing but addresses, and spare copies. */
const growth = 4;

/** Keeps the numbers of many chunks in one array: of `rows` numbers where those are known, else one that grows. */
export function createNumberKeeper(rows: number | null): NumberKeeper {
  let kept = new Float64Array(rows ?? firstKept);
  let length = 0;
  return {
    add: (values, count) => {
      if (length + count > kept.length) {
        const larger = new Float64Array(Math.max(length + count, growth * kept.length));
        larger.set(kept.subarray(0, length));
        kept = larger;
      }
      kept.set(values.subarray(0, count), length);
      length += count;
    },
    finish: (missing) => {
      if (missing === 0) return kept.subarray(0, length);
      let present = 0;
      for (let i = 0; i < length; i++) {
        const value = kept[i] as number;
        if (!Number.isNaN(value)) kept[present++] = value;
      }
      return kept.subarray(0, present);
    },
  };
}
