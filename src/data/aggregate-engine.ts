// The port of the query engines: mergeable aggregates over one source, each computed where the rows are.
import type { Context } from "../host/context.ts";
import type { Profile } from "../monitoring/profile.ts";
import type { ReadingThreads } from "./plain/reading-threads.ts";
import type { DataWindows } from "./window.ts";

export interface ProfileOptions {
  readonly columns?: readonly string[] | undefined;
  readonly missingValues?: readonly string[] | undefined;
  readonly window?: DataWindows | undefined;
  /** Look at how numeric columns go together too; `few-rows`: only where that costs next to nothing. */
  readonly relations?: boolean | "few-rows";
  /** Tell how many different numbers and times there are beyond those with a bin of their own; default yes. */
  readonly differentNumbers?: boolean;
  /** How many sources are read at the same time, which share processors and memory; default 1. */
  readonly atOnce?: number;
  /** Threads that were started for plain files before; whoever did ends them. */
  readonly threads?: ReadingThreads | undefined;
  /** Rows of a columnar source from which a second thread counts its numbers; default 2,000,000. */
  readonly rowsBeside?: number;
}

/** Rows up to which `few-rows` looks. */
const fewRows = 200_000;

/** Whether correlations are looked at in so many rows. */
export function wantsRelations(options: ProfileOptions, rows: number): boolean {
  return rows <= mostRelatedRows(options);
}

/** Of how many rows correlations are looked at: infinitely many, or −1 for of none. */
export function mostRelatedRows({ relations = false }: ProfileOptions): number {
  if (relations === "few-rows") return fewRows;
  return relations ? Number.POSITIVE_INFINITY : -1;
}

export interface CategoryCount {
  readonly value: string;
  readonly rows: number;
}

export interface AggregateEngine {
  readonly id: "duckdb" | "clickhouse";
  /**
   * Per column: values present and missing, infinities, counts and exact sums in nested bins, lengths, registers of the
   * distinct sketch. Profiles of parts merge to that of the whole, and all engines give the same, to the byte.
   */
  profile(source: string, options: ProfileOptions, context: Context): Promise<Profile>;
  /** The most frequent texts of each named column, most rows first, then by text; at most 10,000 each. */
  countCategories(
    source: string,
    options: ProfileOptions & { readonly columns: readonly string[] },
    context: Context,
  ): Promise<ReadonlyMap<string, readonly CategoryCount[]>>;
  /** The first and the last day with a time, as YYYY-MM-DD (null without any), and the rows of each of `windows`. */
  surveyTimes(
    source: string,
    time: string,
    options: Pick<ProfileOptions, "missingValues"> & { readonly windows: readonly DataWindows[] },
    context: Context,
  ): Promise<{ readonly firstDay: string | null; readonly lastDay: string | null; readonly rows: readonly number[] }>;
}

/** Categories counted per column at most. */
export const mostCategories = 10_000;
