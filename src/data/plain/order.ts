// What a thread that reads plain text is asked, and what it answers.
import type { Profile } from "../../monitoring/profile.ts";
import type { PlainType } from "./infer-types.ts";

/** Bytes of whole lines, without the header. */
export interface PlainRange {
  readonly from: number;
  readonly to: number;
}

/** A column of the file. One that is not looked at has no type. */
export interface PlainColumn {
  readonly name: string;
  readonly type: PlainType | null;
  /** Its numbers are wanted too. */
  readonly isKept: boolean;
}

export interface PlainOrder {
  readonly path: string;
  readonly range: PlainRange;
  readonly delimiter: string;
  /** In the order of the file. */
  readonly columns: readonly PlainColumn[];
  readonly missing: readonly string[];
  readonly isSketched: boolean;
  /** Look at how numbers go together while there are no more rows than these. */
  readonly mostRelatedRows: number;
}

export interface PlainShard {
  /** Of the columns that have a type, but for those given up. */
  readonly profile: Profile;
  readonly numbers: ReadonlyMap<string, Float64Array>;
  /** Columns of too many different texts to count them here. */
  readonly givenUp: readonly string[];
}

export type PlainAnswer =
  | { readonly kind: "shard"; readonly shard: PlainShard }
  /** There is something that only the engine reads. */
  | { readonly kind: "odd"; readonly why: string };
