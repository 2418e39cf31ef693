// Numbers out of the engine's chunks.
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
