// Expands `strategy.matrix` into the combinations that become jobs.
import type { JsonValue } from "./expressions.ts";

export type Combination = Readonly<Record<string, JsonValue>>;

export interface Strategy {
  readonly combinations: readonly Combination[];
  readonly failFast: boolean;
  readonly maxParallel: number;
}

const largestMatrix = 256;

/** Reads an evaluated `strategy`; a job without a matrix is one empty combination. Throws above 256 combinations. */
export function readStrategy(strategy: JsonValue | undefined): Strategy {
  const entries = isObject(strategy) ? strategy : {};
  const combinations = expandMatrix(entries["matrix"] ?? null);
  if (combinations.length > largestMatrix) {
    throw new Error(`The matrix has ${combinations.length} combinations; at most ${largestMatrix} are allowed`);
  }
  return {
    combinations,
    failFast: entries["fail-fast"] !== false,
    maxParallel: typeof entries["max-parallel"] === "number" ? entries["max-parallel"] : combinations.length,
  };
}

function expandMatrix(matrix: JsonValue): readonly Combination[] {
  if (!isObject(matrix)) return [{}];
  const { include, exclude, ...axes } = matrix;
  let product: Combination[] = Object.keys(axes).length === 0 ? [] : [{}];
  for (const [axis, values] of Object.entries(axes)) {
    const list = Array.isArray(values) ? (values as readonly JsonValue[]) : [values];
    product = product.flatMap((combination) => list.map((value) => ({ ...combination, [axis]: value })));
  }
  const excluded = objectsIn(exclude);
  const kept = product.filter((combination) => !excluded.some((entry) => contains(combination, entry)));
  return addIncluded(kept, objectsIn(include), Object.keys(axes));
}

/** An included entry extends every combination it does not contradict, or becomes a combination of its own. */
function addIncluded(product: readonly Combination[], included: readonly Combination[], axes: readonly string[]) {
  const extended = [...product];
  const added: Combination[] = [];
  for (const entry of included) {
    const fixed = Object.fromEntries(Object.entries(entry).filter(([key]) => axes.includes(key)));
    const places = product.flatMap((combination, index) => (contains(combination, fixed) ? [index] : []));
    if (places.length === 0) added.push(entry);
    for (const index of places) extended[index] = { ...extended[index], ...entry };
  }
  return [...extended, ...added];
}

function contains(combination: Combination, part: Combination): boolean {
  return Object.entries(part).every(([key, value]) => JSON.stringify(combination[key]) === JSON.stringify(value));
}

function objectsIn(value: JsonValue | undefined): readonly Combination[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What stands in a job's name behind its own: ` (3, ubuntu)`, empty without a matrix. */
export function describeCombination(combination: Combination): string {
  const values = Object.values(combination).map((value) =>
    isObject(value) ? Object.values(value).map(String).join(", ") : String(value),
  );
  return values.length === 0 ? "" : ` (${values.join(", ")})`;
}
