// `behaviours:` and `explain:` of a model: what is asked of it beside its metrics.
import { z } from "zod";
import { ColumnName, Duration, Scalar, Text } from "./value-schemas.ts";

const Bound = z.union([z.number(), z.null()]);

const ChangeFile = z
  .union([
    Scalar.meta({ description: "Every row gets this value." }),
    z.strictObject({ add: z.number() }).meta({ description: "Added to the number." }),
    z.strictObject({ times: z.number() }).meta({ description: "The number is multiplied." }),
    z
      .strictObject({ "one-of": z.array(Scalar).min(1, "at least one value").max(20, "at most 20 values") })
      .meta({ description: "Every value is tried; a row passes when all of them do." }),
  ])
  .meta({ description: "What becomes of the cell." });

const AnswerFile = z.union([
  z.strictObject({ class: Scalar }).meta({ description: "The class that is decided for." }),
  z.strictObject({ between: z.tuple([Bound, Bound]) }).meta({
    description: "Lowest and highest prediction (binary: probability of the positive class); `null` is open.",
  }),
]);

const CaseFile = z.strictObject({
  given: z.record(ColumnName, Scalar).meta({ description: "Cells by column; the others are missing." }),
  expect: AnswerFile.optional().meta({ description: "Instead of the behaviour's `expect`." }),
});

export const BehaviourFile = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/, "an id of letters, digits, `_`, `.`, `-`"),
    kind: z.enum(["invariance", "directional", "minimum-functionality"]).meta({
      description:
        "`invariance`: the change must not matter; `directional`: it must move the prediction one way; `minimum-functionality`: the rows or cases must be got right.",
    }),
    where: Text.optional().meta({ description: "Evaluation rows to take: `age >= 65`. Default: all." }),
    cases: z.array(CaseFile).min(1, "at least one case").max(500, "at most 500 cases").optional().meta({
      description: "Rows written down here, instead of evaluation rows.",
    }),
    change: z.record(ColumnName, ChangeFile).optional().meta({
      description: "Column → new value, `{ add: 5 }`, `{ times: 1.1 }` or `{ one-of: [a, b] }`.",
    }),
    expect: z
      .union([z.enum(["increase", "decrease", "label"]), AnswerFile])
      .optional()
      .meta({
        description:
          "`increase`, `decrease` (directional); `label` (the row's own), `{ class }` or `{ between }` (minimum-functionality).",
      }),
    class: Scalar.optional().meta({ description: "Multiclass: the class whose probability is meant." }),
    tolerance: z.number().min(0, "0 or more").optional().meta({
      description:
        "How far a prediction may move (invariance; default: classes may not change, numbers not at all), move the wrong way (directional; default 0), or be off its label (regression).",
    }),
    "min-pass": z.number().gt(0, "above 0").max(1, "at most 1").default(0.95).meta({
      description: "Share of rows that must pass.",
    }),
    severity: z.enum(["fail", "warn"]).default("fail").meta({
      description: "`warn`: shown, but does not decide the verdict.",
    }),
    rows: z.int().min(1, "at least 1").max(100_000, "at most 100000").default(1000).meta({
      description: "Evaluation rows drawn at most.",
    }),
  })
  .meta({ description: "Something the model must do whatever its metrics say: a gate of its own." });
export type BehaviourFile = z.infer<typeof BehaviourFile>;

const ExplainSettings = z.strictObject({
  columns: z.array(ColumnName).min(1, "at least one column").max(200, "at most 200 columns").optional().meta({
    description: "Columns to explain. Default: the model's inputs, the 20 that move predictions most.",
  }),
  rows: z.int().min(50, "at least 50").max(100_000, "at most 100000").default(500).meta({
    description: "Evaluation rows drawn at most.",
  }),
  shuffles: z.int().min(5, "at least 5").max(100, "at most 100").default(5).meta({
    description: "How often each column is shuffled.",
  }),
  metric: Text.optional().meta({
    description: "The metric whose loss is importance. Default: the first built-in one.",
  }),
  "shapley-rows": z.int().min(0, "0 or more").max(10_000, "at most 10000").default(50).meta({
    description: "Rows whose predictions are taken apart; 0: none.",
  }),
  background: z.int().min(2, "at least 2").max(1000, "at most 1000").default(10).meta({
    description: "Rows that Shapley values are relative to.",
  }),
  predictions: z.int().min(1000, "at least 1000").max(1e8, "at most 1e8").default(100_000).meta({
    description: "Predictions of each model at most; fewer rows are drawn where it would be more.",
  }),
  timeout: Duration.default("60s").meta({ description: "After it there is no explanation." }),
});

export const ExplainFile = z.union([z.boolean(), ExplainSettings]).meta({
  description:
    "What the models look at. Default: for onnx and tfjs models; `true` or settings also for a `predict` program, which is then run once more for each model; `false`: never.",
});
export const explainDefaults = ExplainSettings.parse({});
export type ExplainFile = z.infer<typeof ExplainFile>;
