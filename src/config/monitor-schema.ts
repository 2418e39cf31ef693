// `monitor:` of a model.
import { z } from "zod";
import { ColumnName, DataSource, Duration } from "./value-schemas.ts";

export const MonitorFile = z.strictObject({
  schedule: z
    .string()
    .regex(/^\s*[\d*,/-]+(\s+[\d*,/A-Za-z-]+){4}\s*$/, "a cron line of five fields such as `17 6 * * *`")
    .optional()
    .meta({ description: "When, in UTC; `init` writes it into the workflow." }),
  window: Duration.optional().meta({ description: "How much of the newest data a check looks at; default 60d." }),
  reference: z.enum(["same-season", "training"]).optional().meta({
    description: "What the newest data is compared with; default `same-season`: the same days of earlier years.",
  }),
  multivariate: z.boolean().optional().meta({
    description: "Look at the rows as a whole too: domain classifier and principal components; default false.",
  }),
  embeddings: z.array(ColumnName).max(50, "at most 50").optional().meta({
    description:
      "Prefixes of columns that are one vector together; looks at the rows as a whole. Lists of numbers in one column need no name.",
  }),
  "reference-windows": z.number().int().min(8).max(200).optional().meta({
    description:
      "Learn each column's threshold from so many windows of the reference (with `same-season`: from its earlier years, when there are eight). Default: not learned.",
  }),
  "whole-days": z.boolean().optional().meta({
    description:
      "Rows of one day depend on each other: days are exchanged whole. Default: the model's `group`, if it has one.",
  }),
  importances: z
    .record(ColumnName, z.number().nonnegative())
    .refine((weights) => Object.keys(weights).length <= 5000, "at most 5000 columns")
    .optional()
    .meta({
      description:
        "How much each column matters, on any scale; a column of 0 only warns. Default: what the published evaluation explains.",
    }),
  predictions: z
    .strictObject({
      source: DataSource.meta({ description: "What production predicted, with its inputs." }),
      time: ColumnName.optional().meta({ description: "Column with the time of the prediction." }),
      version: ColumnName.optional().meta({ description: "Column with the version that predicted." }),
    })
    .optional(),
  labels: z
    .strictObject({
      source: DataSource.meta({ description: "What came true, by row key." }),
      delay: Duration.optional().meta({ description: "How long a label may take." }),
    })
    .optional(),
});
export type MonitorFile = z.infer<typeof MonitorFile>;
