// `data:` of a model.
import { z } from "zod";
import { CommandLine, DataSource, Moment } from "./value-schemas.ts";

const from = Moment.optional().meta({ description: "First day or moment, inclusive." });
const to = Moment.optional().meta({ description: "Last day or moment, inclusive; a day is meant whole, in UTC." });

const SourceFile = z.union([DataSource, z.strictObject({ source: DataSource, from, to })]);

export const DataFile = z.strictObject({
  source: DataSource.optional().meta({ description: "Rows for training and evaluation, told apart by `evaluation`." }),
  train: SourceFile.optional().meta({ description: "Training rows, when they have a source of their own." }),
  evaluation: z
    .union([
      DataSource,
      z.strictObject({ source: DataSource, from, to }),
      z.strictObject({
        share: z.number().gt(0, "above 0").lt(1, "below 1").meta({ description: "By a hash of the row's key." }),
      }),
      z.strictObject({ from, to }),
    ])
    .optional()
    .meta({ description: "The rows that judge: by time, by share, or a source of their own." }),
  holdout: SourceFile.optional().meta({ description: "Rows no pull request has seen; used by promote." }),
  prepare: CommandLine.optional().meta({ description: "Run first; digests are taken afterwards." }),
  shell: z.boolean().optional().meta({ description: "`prepare` is a text for the shell." }),
  "missing-values": z.array(z.string().max(100, "at most 100 characters")).max(100, "at most 100").optional().meta({
    description: "The same as the model's `missing-values`.",
  }),
});
export type DataFile = z.infer<typeof DataFile>;
