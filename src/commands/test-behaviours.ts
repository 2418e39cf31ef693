// Runs the config's behaviours on candidate and baseline: all questions to a program in one call, else one call per behaviour.
import type { ModelSettings } from "../config/settings.ts";
import type { Behaviour, BehaviourResult } from "../evaluation/behaviours/behaviour.ts";
import {
  type BehaviourAnswers,
  createUnaskedBehaviour,
  judgeBehaviour,
} from "../evaluation/behaviours/judge-behaviour.ts";
import { type BehaviourPlan, planBehaviour } from "../evaluation/behaviours/plan-behaviour.ts";
import type { Answer } from "../evaluation/explanation/perturbation.ts";
import type { Context } from "../host/context.ts";
import { stackTables } from "../tables/stack-tables.ts";
import { type AskableModel, describeRefusal } from "./ask-model.ts";
import type { Probing } from "./predict-both.ts";

/** One result per behaviour, in their order; what cannot be asked is inconclusive with the reason. */
export async function testBehaviours(
  settings: ModelSettings,
  seed: string,
  probing: Probing,
  context: Context,
): Promise<readonly BehaviourResult[]> {
  const { behaviours } = settings;
  if (behaviours.length === 0) return [];
  context.progress(`testing ${behaviours.length} behaviours of ${settings.name}`);
  const planned = behaviours.map((behaviour) => ({
    behaviour,
    plan: planBehaviour(behaviour, probing.table, probing.rows, seed),
  }));
  const plans = planned.flatMap(({ plan }) => (typeof plan === "string" ? [] : [plan]));
  const candidate = await askAll(probing.candidate.model, plans);
  const baseline = probing.baseline && (await askAll(probing.baseline.model, plans));
  return planned.map(({ behaviour, plan }) => {
    if (typeof plan === "string") return createUnaskedBehaviour(behaviour, plan);
    return judgeBehaviour({
      rows: probing.rows,
      plan,
      candidate: candidate.get(behaviour) ?? "it was not asked",
      baseline: baseline?.get(behaviour) ?? null,
      confidence: settings.confidence,
      examples: settings.share?.includes("examples") ?? false,
    });
  });
}

async function askAll(
  model: AskableModel,
  plans: readonly BehaviourPlan[],
): Promise<ReadonlyMap<Behaviour, BehaviourAnswers>> {
  const answers = new Map<Behaviour, BehaviourAnswers>();
  if (model.deaf !== null) return new Map(plans.map(({ behaviour }) => [behaviour, model.deaf ?? ""]));
  if (!model.isProgram) {
    for (const plan of plans) answers.set(plan.behaviour, await askOne(model, plan.questions));
    return answers;
  }
  const all = await askOne(model, stackTables(plans.map(({ questions }) => questions)));
  let from = 0;
  for (const { behaviour, questions } of plans) {
    answers.set(behaviour, typeof all === "string" ? all : cutAnswer(all, from, from + questions.rows));
    from += questions.rows;
  }
  return answers;
}

async function askOne(model: AskableModel, questions: BehaviourPlan["questions"]): Promise<BehaviourAnswers> {
  try {
    return await model.answer(questions);
  } catch (error) {
    return `the model does not answer: ${describeRefusal(error)}`;
  }
}

function cutAnswer({ values, probabilities }: Answer, from: number, to: number): Answer {
  return {
    values: values.length === 0 ? values : values.subarray(from, to),
    probabilities: probabilities?.map((column) => column.subarray(from, to)) ?? null,
  };
}
