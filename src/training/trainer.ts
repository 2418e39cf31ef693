// What it takes to train a model: one trainer per way of training.
import type { z } from "zod";
import type { ModelSettings } from "../config/settings.ts";
import type { Context } from "../host/context.ts";
import type { Table } from "../tables/table.ts";

/** What one training run works on. Paths are absolute. */
export interface TrainingRun<Options = unknown> {
  readonly settings: ModelSettings;
  readonly options: Options;
  readonly seed: number;
  /** Null when the config names no data: the program brings its own. */
  readonly training: Table | null;
  /** The evaluation rows without the label. */
  readonly evaluation: Table | null;
  /** Input columns, in order. */
  readonly features: readonly string[];
  readonly root: string;
  /** The folder of the results; empty when the trainer starts. */
  readonly out: string;
  /** Where the model goes: `<out>/model/<name as in the config>`. */
  readonly modelPath: string;
}

export interface TrainingOutcome {
  readonly metrics: Readonly<Record<string, number>>;
  /** Null where it was not measured. */
  readonly peakMemoryBytes: number | null;
  /** What it ran on, for the run record: engine, backend, versions. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * A way to train. `train` writes the model to `run.modelPath` or throws: InputError when data or parameters are wrong,
 * RefusedError when the training itself failed.
 */
export interface Trainer<Options = unknown> {
  readonly id: string;
  readonly summary: string;
  /** Shape of `params:` in the config. */
  readonly options: z.ZodType<Options>;
  readonly train: (run: TrainingRun<Options>, context: Context) => Promise<TrainingOutcome>;
}

/** Gives a trainer its types and hides those of its options, so that a catalog can hold all. */
export function defineTrainer<Options>(trainer: Trainer<Options>): Trainer {
  return {
    ...trainer,
    train: (run, context) => trainer.train({ ...run, options: run.options as Options }, context),
  };
}
