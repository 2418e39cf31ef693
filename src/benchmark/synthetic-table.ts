// Rows for a model that is measured without data: what its inputs take, from a fixed seed.
import type { ModelSignature } from "../runtimes/runtime.ts";
import { createRandom } from "../statistics/rng.ts";
import type { Column, Table } from "../tables/table.ts";

/** Standard normal numbers, 0 and 1 for whole numbers, one word for text; a matrix input gets a column per feature. */
export function createSyntheticTable(
  signature: ModelSignature,
  features: readonly string[] | null,
  rows: number,
): Table {
  const random = createRandom("benchmark");
  const columns = new Map<string, Column>();
  const add = (name: string, type: string) => {
    if (type === "string") {
      columns.set(name, { name, type: "categorical", values: new Array<string>(rows).fill("a") });
      return;
    }
    const draw = type.startsWith("float") ? random.nextNormal : () => random.nextInteger(2);
    columns.set(name, { name, type: "numeric", values: Float64Array.from({ length: rows }, draw) });
  };
  const [only] = signature.inputs;
  const width = only?.shape[1] ?? null;
  if (signature.inputs.length === 1 && only?.shape.length === 2 && width !== 1) {
    const names = features ?? Array.from({ length: width ?? 1 }, (_, index) => `feature_${index}`);
    for (const name of names) add(name, only.type);
  } else {
    for (const input of signature.inputs) add(input.name, input.type);
  }
  return { rows, columns };
}
