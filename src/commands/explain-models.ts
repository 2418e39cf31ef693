// Asks candidate and baseline what they look at: chooses the columns, keeps to the budget and the clock, never fails a validation.
import type { ModelSettings } from "../config/settings.ts";
import { createNoExplanation, explain } from "../evaluation/explanation/explain.ts";
import type { Explanation } from "../evaluation/explanation/explanation.ts";
import { readOutput } from "../evaluation/explanation/perturbation.ts";
import { mostColumns, planExplanation, planSifting } from "../evaluation/explanation/plan-explanation.ts";
import { parseMetricChoice } from "../evaluation/metric-choice.ts";
import { type ResolvedMetric, resolveChoices } from "../evaluation/resolve-metric.ts";
import type { Context } from "../host/context.ts";
import { askPerturbed, describeRefusal, TookTooLong } from "./ask-model.ts";
import type { ProbedModel, Probing } from "./predict-both.ts";

export interface ExplainModelsRequest {
  readonly settings: ModelSettings;
  /** Any text; by convention the digest of the evaluation data. */
  readonly seed: string;
}

/** Null = the config says `explain: false`. Everything that stands in the way is the explanation's reason. */
export async function explainModels(
  { settings, seed }: ExplainModelsRequest,
  probing: Probing,
  context: Context,
): Promise<Explanation | null> {
  const wanted = settings.explain;
  if (wanted === null) return null;
  const models = [probing.candidate, probing.baseline].filter((model) => model !== null);
  const deaf = models.find(({ model }) => model.deaf !== null)?.model.deaf;
  if (deaf) return createNoExplanation(deaf);
  if (!wanted.programs && models.some(({ model }) => model.isProgram))
    return createNoExplanation("asking a `predict` program costs another run of it; `explain: true` allows that");
  const metric = chooseMetric(settings);
  if (metric === null) return createNoExplanation("no built-in metric is measured on the rows");
  const started = context.now().getTime();
  const mayGoOn = () => context.now().getTime() - started <= wanted.timeoutSeconds * 1000;
  try {
    const all = wanted.columns ?? listColumns(settings, probing);
    const known = all.filter((name) => probing.table.columns.has(name));
    const columns = wanted.columns === null ? await siftColumns(known, probing, seed, mayGoOn) : known;
    const others = listColumns(settings, probing).filter((name) => !columns.includes(name));
    const plan = planExplanation(probing.table, probing.rows, columns, others, wanted, seed);
    if (typeof plan === "string") return createNoExplanation(plan);
    context.progress(
      `explaining ${settings.name}: ${plan.predictions.toLocaleString("en-US")} predictions of each model`,
    );
    const ask = async ({ model, predictions }: ProbedModel) => ({
      predictions,
      answers: await askPerturbed(model, probing.table, plan.perturbations, mayGoOn),
    });
    return explain({
      rows: probing.rows,
      plan,
      candidate: await ask(probing.candidate),
      baseline: probing.baseline && (await ask(probing.baseline)),
      metric,
      confidence: settings.confidence,
      seed,
      examples: settings.share?.includes("examples") ?? false,
      remarks: describeLeftOut(all, columns, known),
    });
  } catch (error) {
    if (error instanceof TookTooLong)
      return createNoExplanation(`it takes longer than ${wanted.timeoutSeconds} seconds (\`explain.timeout\`)`);
    return createNoExplanation(`a model does not answer: ${describeRefusal(error)}`);
  }
}

function chooseMetric({ metrics, explain: wanted, task }: ModelSettings): ResolvedMetric | null {
  if (task === null) return null;
  const built = metrics.filter(({ kind }) => kind === "built-in");
  const choices = wanted?.metric ? [parseMetricChoice(wanted.metric)] : built;
  return resolveChoices(choices, task).find(({ reported, name }) => reported === null && !/\bby=/.test(name)) ?? null;
}

/** The inputs that either model is known to take; for models that do not say, every column that may be one. */
function listColumns(settings: ModelSettings, { candidate, baseline, table }: Probing): readonly string[] {
  const roles = new Set([settings.label, settings.id ?? "id", settings.group]);
  const columns = [candidate, baseline].flatMap((probed) => {
    if (probed === null) return [];
    const inputs = probed.signature.inputs.map(({ name }) => name).filter((name) => table.columns.has(name));
    if (inputs.length > 0) return inputs;
    return probed.features ?? [...table.columns.keys()].filter((name) => !roles.has(name) && name !== settings.time);
  });
  return [...new Set(columns)].filter((name) => !roles.has(name));
}

/** The columns that move predictions most, when there are more than are explained unasked. */
async function siftColumns(
  columns: readonly string[],
  { candidate, baseline, rows, table }: Probing,
  seed: string,
  mayGoOn: () => boolean,
): Promise<readonly string[]> {
  if (columns.length <= mostColumns) return columns;
  const perturbations = planSifting(rows, columns, seed);
  const moved = new Map(columns.map((name) => [name, 0]));
  for (const probed of [candidate, baseline]) {
    if (probed === null) continue;
    const answers = await askPerturbed(probed.model, table, perturbations, mayGoOn);
    const labels = probed.predictions.probabilities?.keys() ?? [null];
    for (const of of labels) {
      const before = readOutput(probed.predictions, of);
      answers.forEach((answer, at) => {
        const asked = perturbations[at]!.rows;
        const after = readOutput(answer, of);
        const sum = after.reduce((total, value, row) => total + Math.abs(value - before[asked[row]!]!), 0);
        moved.set(columns[at]!, Math.max(moved.get(columns[at]!)!, sum));
      });
    }
  }
  const ranked = [...columns].sort((left, right) => moved.get(right)! - moved.get(left)!);
  return ranked.slice(0, mostColumns);
}

function describeLeftOut(
  all: readonly string[],
  columns: readonly string[],
  known: readonly string[],
): readonly string[] {
  const absent = all.filter((name) => !known.includes(name));
  return [
    ...(known.length > columns.length
      ? [`The ${columns.length} of ${known.length} columns that move predictions most are shown.`]
      : []),
    ...(absent.length > 0
      ? [
          `The data has no column ${absent
            .slice(0, 5)
            .map((name) => `\`${name}\``)
            .join(", ")}.`,
        ]
      : []),
  ];
}
