// The action `validate`: judges the candidates of this workflow run by the checkout it stands in, and uploads the evidence.
import { join, resolve } from "node:path";
import { createMeasure } from "../../src/commands/benchmark.ts";
import { describeJudged } from "../../src/commands/describe-judged.ts";
import { openRegistrySession } from "../../src/commands/registry-session.ts";
import { validate } from "../../src/commands/validate.ts";
import { fetchCandidates, uploadFolder } from "../artifacts.ts";
import { runAction } from "../run-action.ts";
import { openRepository } from "../runner.ts";
import { Inputs } from "./inputs.ts";

/** No time means no comparison: gates on latency are then inconclusive. */
function measureFor(seconds: number) {
  return seconds > 0 ? createMeasure(seconds) : null;
}

export async function run(): Promise<void> {
  await runAction(Inputs, async (inputs, { context, runner }) => {
    const repository = openRepository(runner, context.environment["GITHUB_TOKEN"], context);
    const candidates = await fetchCandidates(inputs.candidates, runner);
    const outcome = await validate(
      {
        ...(await describeJudged(repository, runner.event, runner.sha)),
        configFile: inputs.config,
        models: inputs.models,
        candidateOf: (model) => join(candidates, model),
        baseline: null,
        out: inputs.out,
        workflowRun: { id: runner.runId, attempt: runner.runAttempt },
        isolation: inputs.candidates === undefined ? "separate-jobs" : "one-job",
        baselinePath: null,
        wrongInput: "tell",
      },
      { session: openRegistrySession(repository, context), measure: measureFor(inputs["benchmark-seconds"]) },
      context,
    );
    const folder = resolve(context.folder, inputs.out);
    if (inputs.artifact !== "none") await uploadFolder(inputs.artifact, folder);
    const verdict = outcome.exitCode === 0 ? "pass" : "not shown";
    return { outcome, outputs: { verdict, holds: outcome.exitCode === 0, evidence: folder }, enforce: inputs.enforce };
  });
}
