// The config as the rest of the house sees it: plain, read-only, every default filled in. `parse.ts` makes it from the file.
import type { Behaviour } from "../evaluation/behaviours/behaviour.ts";
import type { Task } from "../evaluation/comparison.ts";
import type { ExplanationSettings } from "../evaluation/explanation/explanation.ts";
import type { Gate } from "../evaluation/gate.ts";
import type { FairnessChoice, MetricChoice, SliceChoice } from "../evaluation/judge-request.ts";
import type { CrossValidation } from "../evaluation/prepare-rows.ts";

/** `.github/modelgate.yml`, resolved. Models keep the order of the file. */
export interface Config {
  readonly version: 1;
  /** `OWNER/NAME` of the repository that holds ledger and releases; null = the config's own. */
  readonly registry: string | null;
  readonly models: ReadonlyMap<string, ModelSettings>;
}

/** Everything the config says of one model. `null` = not said and has no default. */
export interface ModelSettings {
  readonly name: string;
  /** Globs against the repository's paths (forward slashes); a change to none of them leaves the model alone. Default `**`. */
  readonly paths: readonly string[];
  /** File or folder that training leaves, relative to the repository's root. */
  readonly model: string | null;
  readonly task: Task | null;
  readonly label: string | null;
  /** Column of a program's or a file's predictions, or prefix of one per class; null = `prediction`. */
  readonly prediction: string | null;
  /** Row key; null = column `id` if the data has one, else the position. */
  readonly id: string | null;
  /** Rows with the same value are resampled together. */
  readonly group: string | null;
  /** The evaluation rows are predicted out of fold. */
  readonly crossValidation: CrossValidation | null;
  /** Who scores the answers; `cost`: column of the predictions with what a row cost. */
  readonly judge: { readonly version: string; readonly cost: string | null } | null;
  /** Input columns; null = all columns but label, id, group and time. */
  readonly features: readonly string[] | null;
  readonly time: string | null;
  /** Points of time in a block that is resampled whole; null = blocks for forecasts only. */
  readonly blockLength: number | "auto" | null;
  readonly decision: DecisionSettings;
  readonly data: DataSettings | null;
  readonly train: TrainSettings | null;
  readonly predict: ProgramSettings | null;
  readonly metrics: readonly MetricSettings[];
  readonly slices: readonly SliceSettings[];
  readonly fairness: readonly FairnessChoice[];
  /** A stage, a version, or `base-branch`. */
  readonly baseline: string;
  readonly firstVersion: "allow" | "refuse";
  /** Two-sided confidence of intervals, in (0.5, 1). */
  readonly confidence: number;
  readonly inconclusive: "block" | "warn";
  /** What evidence is accepted from authors with write access. */
  readonly evidence: "self-reported" | "attested";
  readonly gates: readonly GateSettings[];
  readonly behaviours: readonly Behaviour[];
  /** Null = never explained. */
  readonly explain: ExplainSettings | null;
  readonly expect: readonly ExpectationSettings[];
  /** In order; promotion goes from the first to the last. */
  readonly stages: readonly StageSettings[];
  readonly monitor: MonitorSettings | null;
  /** `file`: Markdown in the repository with sections for the card; `required`: sections without which nothing is published. */
  readonly card: { readonly file: string | null; readonly required: readonly string[] };
  /** What a release may carry beside the model. Null = not said: the default depends on the repository's visibility. */
  readonly share: readonly ShareItem[] | null;
  /** Cells read as missing, in every data file of the model. */
  readonly missingValues: readonly string[];
}

/** A probability ≥ `threshold` means the positive class; `positive` null = the label that sorts last of two ("1", "true", "yes"). */
export interface DecisionSettings {
  readonly threshold: number;
  readonly positive: string | null;
}

/** Both ends inclusive; a date without a time is the whole day in UTC. Missing = open on that side. */
export interface WindowSettings {
  readonly from?: string;
  readonly to?: string;
}

export interface SourceSettings {
  /** Path, glob, `https://`, `s3://` or `clickhouse://`. */
  readonly source: string;
  readonly window: WindowSettings | null;
}

/** How the evaluation rows are told from the training rows. */
export type EvaluationSplit =
  | { readonly by: "time"; readonly window: WindowSettings }
  | { readonly by: "share"; readonly share: number }
  | { readonly by: "source"; readonly source: string; readonly window: WindowSettings | null }
  | { readonly by: "none" };

export interface DataSettings {
  /** Where training rows come from; the evaluation rows too unless `evaluation.by` is `source`. Null = no training data. */
  readonly train: SourceSettings | null;
  readonly evaluation: EvaluationSplit;
  readonly holdout: SourceSettings | null;
  /** Run before the data is read. */
  readonly prepare: ProgramCommand | null;
}

/** A list runs without a shell; `shell` runs the one string in it through the shell. */
export interface ProgramCommand {
  readonly words: readonly string[];
  readonly shell: boolean;
}

/** A program of the user. */
export interface ProgramSettings {
  readonly command: ProgramCommand;
  readonly timeoutSeconds: number;
  /** Names of environment variables handed through. */
  readonly env: readonly string[];
  /** Run once before the program. */
  readonly setup: ProgramCommand | null;
}

/** `train:`; either `trainer` names a built-in trainer or `command` is the user's program (then `trainer` is `command`). */
export interface TrainSettings {
  readonly trainer: string;
  readonly command: ProgramCommand | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly timeoutSeconds: number;
  readonly env: readonly string[];
  readonly setup: ProgramCommand | null;
  /** `paths`: when the change concerns the model; `command`: only on `/train`; or only with a label. */
  readonly when: { readonly on: "paths" | "command" } | { readonly on: "label"; readonly label: string };
}

export type MetricSettings = MetricChoice;

export type SliceSettings = SliceChoice;

/** One gate, parsed; `rule` is as written. */
export type GateSettings = Gate;

/** `programs`: a `predict` program is asked as well. */
export interface ExplainSettings extends ExplanationSettings {
  readonly programs: boolean;
}

/** One expectation; checks that are null are not asked for. `mostly` is the share of rows that must hold. */
export interface ExpectationSettings {
  /** Null only for `rows`, which is about the whole data. */
  readonly column: string | null;
  /** Numbers, or days and moments as written. */
  readonly between: readonly [number | string | null, number | string | null] | null;
  readonly oneOf: readonly (string | number | boolean)[] | null;
  readonly type: "numeric" | "categorical" | "boolean" | "datetime" | "text" | null;
  /** RE2; the whole text must match. */
  readonly matches: string | null;
  /** In characters. */
  readonly length: readonly [number | null, number | null] | null;
  /** Order of the values from row to row. */
  readonly monotonic: "increasing" | "decreasing" | "strictly-increasing" | "strictly-decreasing" | null;
  readonly pair: { readonly relation: "<" | "<=" | "==" | ">=" | ">"; readonly column: string } | null;
  readonly rowSum: {
    readonly with: readonly string[];
    readonly equals: number | string;
    readonly tolerance: number;
  } | null;
  readonly sum: readonly [number | null, number | null] | null;
  readonly mean: readonly [number | null, number | null] | null;
  /** Lowest and highest share of the rows by value. */
  readonly shares: Readonly<Record<string, readonly [number, number]>> | null;
  readonly smallestShare: number | null;
  readonly like: { readonly profile: string; readonly effect: number } | null;
  readonly newestWithinSeconds: number | null;
  readonly rows: readonly [number | null, number | null] | null;
  readonly unique: boolean;
  /** Missing cells count as failing. */
  readonly required: boolean;
  readonly mostly: number;
}

export type Permission = "read" | "triage" | "write" | "maintain" | "admin";

export interface StageSettings {
  readonly name: string;
  readonly promotesFrom: string | null;
  readonly who: {
    /** False: the config does not say, and the rest is the default. */
    readonly stated: boolean;
    readonly permission: Permission;
    readonly users: readonly string[];
    readonly teams: readonly string[];
  };
  /** People beside the one who asks. */
  readonly approvals: number;
  /** `OWNER/NAME` of repositories that are told when the stage moves. */
  readonly notify: readonly string[];
  /** A version has to pass the gates on the holdout first. */
  readonly requiresHoldout: boolean;
  /** A version has to have been judged, and to have passed. */
  readonly requiresGates: boolean;
}

export interface MonitorSettings {
  /** Cron, in UTC; null = the workflow says when. */
  readonly schedule: string | null;
  /** Length of the newest window that a check looks at; it ends at the newest row. */
  readonly windowSeconds: number;
  /** `same-season`: the same days of earlier years, where there are any; else the training rows. */
  readonly reference: "same-season" | "training";
  /** Look at the rows as a whole too. */
  readonly multivariate: boolean;
  /** Prefixes of columns that are one vector together. */
  readonly embeddings: readonly string[];
  /** Windows of the reference to learn thresholds from; null = not learned. */
  readonly referenceWindows: number | null;
  /** Days are exchanged whole. */
  readonly wholeDays: boolean;
  /** How much each column matters; null = what the published evaluation explains. */
  readonly importances: Readonly<Record<string, number>> | null;
  readonly predictions: {
    readonly source: string;
    /** Column with the time of the prediction. */
    readonly time: string | null;
    /** Column with the model version that predicted. */
    readonly version: string | null;
  } | null;
  readonly labels: {
    readonly source: string;
    /** How long after the prediction a label may be missing without meaning anything. */
    readonly delaySeconds: number;
  } | null;
}

export type ShareItem = "profile" | "card" | "evaluation" | "predictions" | "examples" | "run-record" | "benchmark";
