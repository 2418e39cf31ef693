// The contract of a metric: one file per member in metrics/, one line in catalog.ts.
import type { z } from "zod";
import type { MetricDirection, Task } from "./comparison.ts";
import type { MetricDescription, MetricParameters, MetricScale } from "./metric-description.ts";
import type { MetricRows } from "./metric-rows.ts";
import type { Statistic } from "./statistic.ts";

export interface MetricDefinition<O> {
  /** scikit-learn's name where it has one. */
  readonly id: string;
  readonly summary: string;
  readonly direction: MetricDirection;
  readonly scale: MetricScale;
  readonly tasks: readonly Task[];
  /** Why margins and intervals are refused and what to use instead; left out = they are tested. */
  readonly untestable?: string;
  /** When there is no value, as the end of a sentence: "no row is predicted positive". */
  readonly undefinedWhen: string;
  readonly options: z.ZodType<O>;
  /** Makes the metric ready on these rows. May throw UndefinedMetric for rows that it says nothing about. */
  readonly measure: (rows: MetricRows, options: O) => Statistic;
}

export interface Metric extends MetricDescription {
  readonly undefinedWhen: string;
  readonly measure: (rows: MetricRows, parameters: MetricParameters) => Statistic;
}

/** The metric has no value on these rows; the message is the reason people read. */
export class UndefinedMetric extends Error {}

/** Turns a definition into a member of the catalog: parameters are checked by its own schema. */
export function defineMetric<O>(definition: MetricDefinition<O>): Metric {
  const { options, measure, untestable, ...description } = definition;
  const parse = (parameters: MetricParameters) => options.safeParse(Object.fromEntries(parameters));
  return {
    ...description,
    untestable: untestable ?? null,
    checkParameters: (parameters) => {
      const parsed = parse(parameters);
      return parsed.success ? [] : parsed.error.issues.map((issue) => [...issue.path, issue.message].join(": "));
    },
    measure: (rows, parameters) => {
      const parsed = parse(parameters);
      if (!parsed.success) throw new UndefinedMetric(`its parameters are not valid: ${parsed.error.message}`);
      return measure(rows, parsed.data);
    },
  };
}
