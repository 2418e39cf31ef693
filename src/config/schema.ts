// The shape of `.github/modelgate.yml`: strict (a key nobody knows is an error), without semantics (those are in rules/).
// The JSON Schema for editors and the reference page are made from this file, so every key carries its description.
import { z } from "zod";
import { metricDescriptions } from "../evaluation/catalog.ts";
import { BehaviourFile, ExplainFile } from "./behaviour-schema.ts";
import { DataFile } from "./data-schema.ts";
import { ExpectationFile } from "./expectation-schema.ts";
import { FairnessFile } from "./fairness-schema.ts";
import { MonitorFile } from "./monitor-schema.ts";
import { ProgramFile, TrainFile } from "./program-schema.ts";
import { ColumnName, Name, RepositoryName, RepositoryPath, Scalar, Text } from "./value-schemas.ts";

export const taskIds = ["binary", "multiclass", "regression", "ranking", "forecast", "score"] as const;
export const permissions = ["read", "triage", "write", "maintain", "admin"] as const;
export const shareItems = [
  "profile",
  "card",
  "evaluation",
  "run-record",
  "benchmark",
  "predictions",
  "examples",
] as const;

const gateExamples = [
  "roc_auc >= 0.80",
  "roc_auc drop <= 0.5pp",
  "recall[plan=basic] drop <= 2pp",
  "latency_p50 rise <= 5%",
];

const Direction = z.enum(["higher", "lower"]).meta({ description: "Which way is better." });
const MetricId = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.@-]{0,99}$/, "a metric id of letters, digits, `_`, `.`, `@`, `-`");

export const MetricFile = z
  .union([
    Text.meta({
      description: "A built-in metric by its id, with parameters if it takes any: `f1(average=macro)`.",
      examples: metricDescriptions.map(({ id }) => id),
    }),
    z
      .strictObject({
        id: MetricId,
        column: ColumnName.meta({ description: "A column of the predictions to aggregate." }),
        aggregate: z.enum(["mean", "sum", "ratio"]).default("mean").meta({
          description: "How rows become one number; `ratio` is sum(column) / sum(denominator).",
        }),
        denominator: ColumnName.optional().meta({ description: "The column below the line of a `ratio`." }),
        direction: Direction,
      })
      .meta({ description: "A number per row that the predictions carry." }),
    z
      .strictObject({
        id: MetricId,
        reported: Text.meta({ description: "The name of the number in the training's `metrics.json`." }),
        direction: Direction,
      })
      .meta({ description: "A number the training reports: one number, no interval." }),
  ])
  .meta({ description: "A metric." });

export const SliceFile = z
  .union([
    ColumnName.meta({ description: "A column: every value is a slice." }),
    z.strictObject({
      name: ColumnName,
      where: Text.meta({ description: "Rows that belong: `age >= 65`, `plan=basic, age>=65`." }),
    }),
    z.strictObject({
      name: ColumnName.optional(),
      columns: z.array(ColumnName).min(1, "at least one column").max(5, "at most 5 columns").meta({
        description: "Columns whose combinations of values are slices.",
      }),
    }),
  ])
  .meta({ description: "A part of the rows that is judged for itself." });

export const GateFile = z
  .union([
    Text.meta({ description: "The rule: `roc_auc drop <= 0.5pp`.", examples: gateExamples }),
    z.strictObject({
      rule: Text.meta({ description: "The rule: `roc_auc drop <= 0.5pp`." }),
      id: z
        .string()
        .regex(/^[A-Za-z0-9_][A-Za-z0-9_.,=*@[\]-]{0,199}$/, "an id without spaces")
        .optional()
        .meta({ description: "Default: metric, slice and relation without the number." }),
      severity: z.enum(["fail", "warn"]).default("fail").meta({
        description: "`warn`: shown, but does not decide the verdict.",
      }),
      inconclusive: z.enum(["block", "warn"]).optional().meta({ description: "Default: the model's." }),
      "min-rows": z.int().min(1, "at least 1").max(1e9, "at most 1e9").optional().meta({
        description: "Slices with fewer rows are left out of `[slice=*]`.",
      }),
      against: Text.optional().meta({ description: "A stage or version instead of the model's baseline." }),
    }),
  ])
  .meta({ description: "A rule that decides about the change." });

export const StageFile = z.strictObject({
  name: Name,
  "promotes-from": Name.optional().meta({ description: "The stage a version must hold before it can get this one." }),
  who: z
    .strictObject({
      permission: z.enum(permissions).default("write").meta({ description: "The least right in the repository." }),
      users: z.array(Text).max(100, "at most 100").default([]).meta({ description: "Only these logins." }),
      teams: z.array(Text).max(100, "at most 100").default([]).meta({ description: "Only members of these teams." }),
    })
    .optional()
    .meta({ description: "Who may set the stage. Default: whoever may write." }),
  approvals: z.int().min(0, "0 or more").max(20, "at most 20").default(0).meta({
    description: "How many others must agree.",
  }),
  notify: z.array(RepositoryName).max(20, "at most 20 repositories").default([]).meta({
    description: "Repositories that get a `repository_dispatch` of type `modelgate-stage` when the stage moves.",
  }),
  requires: z
    .array(z.enum(["gates", "holdout"]))
    .max(2, "at most 2")
    .optional()
    .meta({
      description:
        "`gates`: a version moves here only if it was judged and passed every gate. `holdout`: only after it passes the gates on `data.holdout` too. Default: `[holdout]` for the last stage, where there is a holdout.",
    }),
});

export const CardFile = z.strictObject({
  file: RepositoryPath.optional().meta({
    description: "Markdown whose `##` sections go into the card: what the model is for, its limits, …",
  }),
  required: z.array(Text.max(100, "at most 100 characters")).max(50, "at most 50 sections").default([]).meta({
    description:
      "Sections without which nothing is published: `data`, `metrics`, `slices`, `lineage` and `verify` are made; all others, such as `purpose` and `limits`, are headings of `file`.",
  }),
});

export const ModelFile = z.strictObject({
  paths: z.array(Text).min(1, "at least one glob").max(200, "at most 200 globs").optional().meta({
    description:
      'What makes a change concern this model; other changes get a green "not affected". Default: everything.',
  }),
  model: RepositoryPath.optional().meta({ description: "File or folder that the training leaves." }),
  task: z.enum(taskIds).optional().meta({ description: "What the model does." }),
  label: ColumnName.optional().meta({ description: "The column to predict." }),
  prediction: ColumnName.optional().meta({
    description:
      "Column of the predictions that a file or a program gives: the positive class's probability, the value, or what the names of the columns per class begin with. Default: `prediction`.",
  }),
  id: ColumnName.optional().meta({ description: "Row key. Default: `id` if there is one, else the position." }),
  group: ColumnName.optional().meta({ description: "Rows that depend on each other are resampled whole." }),
  "cross-validation": z
    .strictObject({
      fold: ColumnName.meta({ description: "Column with the split that tested the row." }),
      repeat: ColumnName.optional().meta({ description: "Column with the repetition of the whole cross-validation." }),
      "train-rows": z.int().min(1, "at least 1").max(1e12, "at most 1e12").optional().meta({
        description: "Rows each split trained on. Default: the other rows of its repetition.",
      }),
    })
    .optional()
    .meta({
      description:
        "The evaluation rows are test rows of cross-validation, predicted out of fold: compared by the corrected resampled t test.",
    }),
  judge: z
    .strictObject({
      version: Text.meta({ description: "Who or what scores the answers: a model with its version, a rubric." }),
      cost: ColumnName.optional().meta({ description: "Column of the predictions with what a row cost." }),
    })
    .optional()
    .meta({ description: "How answers are scored (language models, prompts): kept in the evidence and shown." }),
  features: z.array(ColumnName).min(1, "at least one column").max(10_000, "at most 10000 columns").optional().meta({
    description: "Input columns. Default: all columns but label, id, group and time.",
  }),
  time: ColumnName.optional().meta({ description: "Time column, for splits and windows." }),
  "block-length": z
    .union([z.literal("auto"), z.int().min(1, "at least 1").max(1e9, "at most 1e9")])
    .optional()
    .meta({
      description:
        "Rows depend on their neighbours in time: put in the order of `time` and resampled in blocks of so many points of time. Default: `auto` for forecasts, else rows are independent.",
    }),
  decision: z
    .strictObject({
      threshold: z.number().min(0, "0 or more").max(1, "at most 1").default(0.5).meta({
        description: "A probability at or above it means the positive class.",
      }),
      positive: Scalar.optional().meta({ description: "The label that counts as positive." }),
    })
    .optional()
    .meta({ description: "How a probability becomes a decision." }),
  data: DataFile.optional().meta({ description: "Where the rows come from." }),
  train: TrainFile.optional().meta({ description: "How the model is made." }),
  predict: ProgramFile.optional().meta({
    description: "For models only their own code can run: candidate and baseline alike. The evidence is self-reported.",
  }),
  metrics: z.array(MetricFile).max(200, "at most 200 metrics").optional().meta({
    description: "What is measured. Default: the usual metrics of the task, and those the gates name.",
  }),
  slices: z.array(SliceFile).max(100, "at most 100 slices").default([]).meta({ description: "Parts of the rows." }),
  fairness: FairnessFile.optional().meta({
    description: "How groups of people fare, in every evaluation (binary tasks).",
  }),
  baseline: Text.optional().meta({
    description:
      "What a change is compared with: a stage, a version, or `base-branch`. Default: `production`, or the last stage if there is none of that name.",
  }),
  "first-version": z.enum(["allow", "refuse"]).default("allow").meta({
    description: "`allow`: when the ledger was read and holds no version, only absolute gates apply.",
  }),
  confidence: z.number().gt(0.5, "above 0.5").lt(1, "below 1").default(0.95).meta({
    description: "Confidence of the intervals.",
  }),
  inconclusive: z.enum(["block", "warn"]).default("block").meta({
    description: '`block`: action required. `warn`: neutral, with the words "not shown to be safe".',
  }),
  evidence: z.enum(["self-reported", "attested"]).default("self-reported").meta({
    description: "The least evidence accepted from authors with write access.",
  }),
  gates: z.array(GateFile).max(200, "at most 200 gates").default([]).meta({ description: "What decides." }),
  behaviours: z.array(BehaviourFile).max(100, "at most 100 behaviours").default([]).meta({
    description: "What the model must do whatever its metrics say; each is a gate.",
  }),
  explain: ExplainFile.optional(),
  expect: z
    .array(ExpectationFile)
    .max(1000, "at most 1000")
    .default([])
    .meta({ description: "What data must look like." }),
  stages: z.array(StageFile).min(1, "at least one stage").max(20, "at most 20 stages").optional().meta({
    description: "In order. Default: `staging`, `production`.",
  }),
  monitor: MonitorFile.optional().meta({ description: "How production is watched." }),
  card: CardFile.optional().meta({ description: "What the model card must say." }),
  share: z.array(z.enum(shareItems)).optional().meta({
    description:
      "What may be published beside the model. Default: everything but `examples` in public repositories; private ones never share `predictions` or `examples` unasked.",
  }),
  "missing-values": z.array(z.string().max(100, "at most 100 characters")).max(100, "at most 100").optional().meta({
    description: "Cells that are missing. Default: empty, NA, NaN, null, None.",
  }),
});
export type ModelFile = z.infer<typeof ModelFile>;

export const ConfigFile = z.strictObject({
  version: z.literal(1).default(1).meta({ description: "Of this format." }),
  registry: RepositoryName.optional().meta({
    description: "The repository that holds ledger and releases. Default: this one.",
  }),
  models: z.record(Name, ModelFile.nullable()).meta({
    description: "The models of the repository by name; `{}` is a model that is only named.",
  }),
});
export type ConfigFile = z.infer<typeof ConfigFile>;
