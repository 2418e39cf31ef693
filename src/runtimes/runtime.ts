// What it takes to load a model and predict: one runtime per format of models.
import type { ProgramSettings } from "../config/settings.ts";
import type { Task } from "../evaluation/comparison.ts";
import type { Context } from "../host/context.ts";
import type { Table } from "../tables/table.ts";

/** One input or output of a model. In `shape`, null is a length that may vary (the batch). */
export interface TensorInfo {
  readonly name: string;
  /** `float32`, `int64`, `string`, …; `unknown` where the model does not say. */
  readonly type: string;
  readonly shape: readonly (number | null)[];
}

export interface ModelSignature {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/** What ran the model; latencies are only compared under the same one. */
export interface EngineDescription {
  readonly name: string;
  readonly version: string;
  readonly threads: number;
}

/**
 * One number per row, in the table's order. `prediction`: the positive class's probability (binary) or the value; with more
 * than two classes one column `prediction_<class>` each. A program's or a file's further numeric columns keep their names.
 */
export interface PredictedColumns {
  readonly columns: ReadonlyMap<string, Float64Array>;
}

export interface LoadedModel {
  /** Id of the runtime. */
  readonly runtime: string;
  readonly engine: EngineDescription;
  readonly signature: ModelSignature;
  /**
   * Predicts every row; columns are found by name and others ignored. Missing cells (NaN, null) go to the model as NaN or
   * the empty string. Throws InputError when a column is missing or of the wrong type and when the model refuses its input.
   */
  readonly predict: (table: Table) => Promise<PredictedColumns>;
  /**
   * Calls on consecutive parts of the table with their inputs already built, for measuring latency; `rows` is what one call
   * predicts, which a model of a fixed batch decides itself. Not there for models that do not run inside this process.
   */
  readonly prepareCalls?: (table: Table, rowsPerCall: number) => PreparedCalls;
  readonly dispose: () => Promise<void>;
}

export interface PreparedCalls {
  readonly rows: number;
  /** At least one. */
  readonly calls: readonly (() => Promise<unknown>)[];
}

export interface OpenOptions {
  readonly task?: Task | null | undefined;
  /** Input columns in the order of the model's matrix, for models with one [N, F] input. */
  readonly features?: readonly string[] | null | undefined;
  /** The classes in the order of the model's probabilities, for models that do not name them. */
  readonly classes?: readonly string[] | null | undefined;
  /** The row key, for predictions made by a program or kept in a file. Default: `id` if there is one, else the position. */
  readonly id?: string | null | undefined;
  /** Column of the prediction, or prefix of those per class, in what a program or a file says. Default `prediction`. */
  readonly prediction?: string | null | undefined;
  /** Columns that the model may not see when it predicts: the label. */
  readonly withheld?: readonly string[] | undefined;
  /** The user's program that predicts instead of a built-in runtime. */
  readonly predict?: ProgramSettings | null | undefined;
  /** Folder the program runs in; default the context's. */
  readonly folder?: string | undefined;
  readonly missingValues?: readonly string[] | undefined;
  /** Of the engine; default 1. */
  readonly threads?: number | undefined;
}

/** A format of models. `open` imports its engine itself, so that a catalog of all costs nothing. */
export interface Runtime {
  readonly id: string;
  readonly summary: string;
  /** Whether the file or folder at `path` (absolute, exists) looks like one of its models; reads as little as possible. */
  readonly recognizes: (path: string, kind: "file" | "folder") => Promise<boolean>;
  /** Throws InputError when the model is broken. */
  readonly open: (path: string, options: OpenOptions, context: Context) => Promise<LoadedModel>;
}

/** Gives a runtime its types; returns it as it is. */
export function defineRuntime(runtime: Runtime): Runtime {
  return runtime;
}
