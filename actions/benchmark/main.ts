// The action `benchmark`: compares latencies.
import { benchmark } from "../../src/commands/benchmark.ts";
import { runAction } from "../run-action.ts";
import { Inputs } from "./inputs.ts";

export async function run(): Promise<void> {
  await runAction(Inputs, async (inputs, { context }) => {
    const outcome = await benchmark(
      {
        candidate: inputs.candidate,
        baseline: inputs.baseline ?? null,
        data: inputs.data ?? null,
        features: inputs.features.length > 0 ? inputs.features : null,
        budgetSeconds: inputs.seconds,
      },
      context,
    );
    const outputs = { outcome: outcome.document.outcome, benchmark: JSON.stringify(outcome.document) };
    return { outcome, outputs, enforce: inputs.enforce };
  });
}
