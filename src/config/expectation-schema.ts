// The shape of one entry of `expect:`: what data must look like.
import { z } from "zod";
import { ColumnName, DataSource, Duration, Moment, Scalar } from "./value-schemas.ts";

const Bound = z.union([z.number(), z.null()]);
const Range = z.tuple([Bound, Bound]);
const NumberOrMoment = z.union([z.number(), Moment, z.null()]);
const Share = z.number().min(0, "0 or more").max(1, "at most 1");

export const orders = ["increasing", "decreasing", "strictly-increasing", "strictly-decreasing"] as const;
export const relations = ["<", "<=", "==", ">=", ">"] as const;

export const ExpectationFile = z.strictObject({
  column: ColumnName.optional(),
  between: z.tuple([NumberOrMoment, NumberOrMoment]).optional().meta({
    description:
      "Lowest and highest value; `null` is open. Numbers, or days and moments; a last day is meant whole, in UTC.",
  }),
  in: z.array(Scalar).min(1, "at least one value").max(1000, "at most 1000 values").optional().meta({
    description: "The values it may have.",
  }),
  type: z.enum(["numeric", "categorical", "boolean", "datetime", "text"]).optional(),
  matches: z.string().min(1).max(500).optional().meta({
    description: "Regular expression (RE2, so it never backtracks) that the whole text must match.",
  }),
  length: Range.optional().meta({ description: "Fewest and most characters of a text." }),
  unique: z.boolean().default(false).meta({ description: "No value twice." }),
  monotonic: z
    .enum(orders)
    .optional()
    .meta({ description: "The order of the values from row to row; missing ones are passed over." }),
  pair: z
    .strictObject({
      relation: z.enum(relations).meta({ description: "What holds between this column and the other." }),
      column: ColumnName.meta({ description: "The other column." }),
    })
    .optional()
    .meta({ description: "Two columns compared row by row; rows where one is missing are passed over." }),
  "row-sum": z
    .strictObject({
      with: z.array(ColumnName).min(1, "at least one column").max(100, "at most 100 columns").meta({
        description: "Columns added to this one, row by row.",
      }),
      equals: z.union([z.number(), ColumnName]).meta({ description: "A number, or the column that holds the total." }),
      tolerance: z.number().min(0, "0 or more").default(1e-9).meta({ description: "How far off the sum may be." }),
    })
    .optional()
    .meta({ description: "Parts that add up to a total; rows where one is missing are passed over." }),
  sum: Range.optional().meta({ description: "Lowest and highest sum of the whole column." }),
  mean: Range.optional().meta({ description: "Lowest and highest mean of the whole column." }),
  shares: z
    .record(z.string().max(500, "at most 500 characters"), z.tuple([Share, Share]))
    .optional()
    .meta({ description: "Class balance: lowest and highest share of the rows by value, `{ churned: [0.05, 0.3] }`." }),
  "smallest-share": Share.optional().meta({
    description: "Class balance: the least share that every value there is has.",
  }),
  like: z
    .strictObject({
      profile: DataSource.meta({ description: "A profile (or data) whose distribution the column must have." }),
      effect: z.number().gt(0, "above 0").max(1, "at most 1").default(0.1).meta({
        description: "Share of the values that must have moved to fail, beside being significant.",
      }),
    })
    .optional()
    .meta({
      description: "No drift against a profile, tested as `modelgate drift` tests a column. Too few rows fail.",
    }),
  "newest-within": Duration.optional().meta({ description: "How long ago the newest time in the column may be." }),
  rows: Range.optional().meta({ description: "Fewest and most rows; without `column`." }),
  required: z.boolean().default(false).meta({ description: "A missing value counts as failing." }),
  mostly: z.number().gt(0, "above 0").max(1, "at most 1").default(1).meta({
    description: "Share of rows that must hold; not for what is about the whole column.",
  }),
});
