// Names the categories that a drift report calls unlisted, from the current rows.
import type { Context } from "../host/context.ts";
import { categoryHash } from "../json/digest.ts";
import type { DriftReport } from "../monitoring/drift-report.ts";
import type { Profile } from "../monitoring/profile.ts";
import { chooseEngine } from "./choose-engine.ts";
import type { DataWindows } from "./window.ts";

const namedAtMost = 10;

/** The report with up to ten new categories named per column, most rows first. Reads `current` only when there are any. */
export async function readNewCategories(
  report: DriftReport,
  reference: Profile,
  current: {
    readonly source: string;
    readonly window?: DataWindows | undefined;
    readonly missingValues?: readonly string[] | undefined;
  },
  context: Context,
): Promise<DriftReport> {
  const wanted = new Set(
    report.columns
      .filter(({ unlisted }) => unlisted && unlisted.currentRate > 0 && unlisted.values.length === 0)
      .map(({ name }) => name),
  );
  if (wanted.size === 0) return report;
  const engine = await chooseEngine(current.source);
  const counted = await engine.countCategories(current.source, { ...current, columns: [...wanted] }, context);
  const named = new Map(
    [...counted].map(([name, categories]) => {
      const known = new Set(reference.columns.find((column) => column.name === name)?.values.keys);
      return [name, categories.filter(({ value }) => !known.has(categoryHash(value))).slice(0, namedAtMost)] as const;
    }),
  );
  return {
    ...report,
    columns: report.columns.map((column) =>
      column.unlisted && wanted.has(column.name)
        ? { ...column, unlisted: { ...column.unlisted, values: named.get(column.name) ?? [] } }
        : column,
    ),
  };
}
