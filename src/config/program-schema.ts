// `train:` and `predict:` of a model: programs of the user, or a built-in trainer.
import { z } from "zod";
import { CommandLine, Duration, Name, VariableName } from "./value-schemas.ts";

const program = {
  shell: z.boolean().default(false).meta({ description: "Run text commands through the shell." }),
  timeout: Duration.default("1h").meta({ description: "After it the program and its children are killed." }),
  env: z.array(VariableName).max(100, "at most 100 variables").default([]).meta({
    description: "Variables handed to the program; their values are masked; nothing on pull requests from forks.",
  }),
  setup: CommandLine.optional().meta({ description: "Run once before the program." }),
};

export const ProgramFile = z.strictObject({
  command: CommandLine.meta({ description: "The program and its arguments." }),
  ...program,
});
export type ProgramFile = z.infer<typeof ProgramFile>;

export const TrainFile = z.strictObject({
  command: CommandLine.optional().meta({ description: "The program and its arguments." }),
  trainer: Name.optional().meta({ description: "A built-in trainer instead of a command." }),
  params: z.record(z.string().max(200, "at most 200 characters"), z.unknown()).default({}).meta({
    description: "Handed to the training as JSON.",
  }),
  seed: z
    .int()
    .min(0, "0 or more")
    .max(2 ** 32 - 1, "at most 4294967295")
    .default(0),
  ...program,
  when: z
    .string()
    .regex(/^(paths|command|label:.{1,50})$/, "`paths`, `command` or `label:NAME`")
    .default("paths")
    .meta({
      description:
        "`paths`: when the change concerns the model; `label:NAME`: only with that label; `command`: on `/train`.",
    }),
});
export type TrainFile = z.infer<typeof TrainFile>;
