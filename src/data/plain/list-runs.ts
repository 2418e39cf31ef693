// Columns of one kind beside each other, which the loop over fields reads without asking for the kind of each.
import type { FieldKind } from "./row-layout.ts";

export interface ColumnRun {
  readonly kind: FieldKind;
  /** The index of its first column, and how many they are. */
  readonly column: number;
  readonly count: number;
}

/** At least one; the last column is always a run of its own, since its fields end with the line. */
export function listRuns(kinds: readonly FieldKind[]): readonly ColumnRun[] {
  const runs: ColumnRun[] = [];
  for (const [column, kind] of kinds.entries()) {
    const before = runs.at(-1);
    if (before?.kind === kind && column < kinds.length - 1)
      runs[runs.length - 1] = { ...before, count: before.count + 1 };
    else runs.push({ kind, column, count: 1 });
  }
  return runs;
}
