// The shape of `fairness:`.
import { z } from "zod";
import { ColumnName, Text } from "./value-schemas.ts";

const Columns = z.union([ColumnName, z.array(ColumnName).min(1, "at least one column").max(5, "at most 5 columns")]);

export const FairnessFile = z.strictObject({
  by: z
    .array(
      z.union([
        Columns,
        z.strictObject({
          columns: Columns,
          privileged: Text.meta({
            description: "The group that disparate impact is taken against, `a+b` for several columns.",
          }),
        }),
      ]),
    )
    .min(1, "at least one attribute")
    .max(20, "at most 20 attributes")
    .meta({
      description: "Columns whose values are groups of people; a list makes groups of combinations.",
      examples: [["gender", ["gender", "region"]]],
    }),
  "min-rows": z.int().min(1, "at least 1").max(1e9, "at most 1e9").default(10).meta({
    description: "Groups with fewer rows (or positives, negatives, rows decided positive) are `insufficient`.",
  }),
});
export type FairnessFile = z.infer<typeof FairnessFile>;
