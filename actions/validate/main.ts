// The action `validate`: judges the candidates of this workflow run by the checkout it stands in, and uploads the evidence.
import { mkdtemp } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createMeasure } from "../../src/commands/benchmark.ts";
import { createHeadFiles, describeJudged } from "../../src/commands/describe-judged.ts";
import { readCheckoutHead } from "../../src/commands/read-checkout-head.ts";
import { validate } from "../../src/commands/validate.ts";
import { evidenceFileName } from "../../src/evidence/evidence.ts";
import { digestFile } from "../../src/host/files.ts";
import { fetchCandidates, keepPredictions, uploadFolder } from "../artifacts.ts";
import { runAction } from "../run-action.ts";
import { isPrivate, openRepository, openSession } from "../runner.ts";
import { Inputs } from "./inputs.ts";

/** No time means no comparison: gates on latency are then inconclusive. */
function measureFor(seconds: number) {
  return seconds > 0 ? createMeasure(seconds) : null;
}

export async function run(): Promise<void> {
  await runAction(Inputs, async (inputs, { context, runner }) => {
    const repository = openRepository(runner, context.environment["GITHUB_TOKEN"], context);
    const judged = await describeJudged(repository, runner.event, runner.sha);
    const checkout = judged.head === null ? null : await readCheckoutHead(context);
    const candidates = await fetchCandidates(inputs.candidates, runner);
    const fetchHeadFiles = createHeadFiles(repository, judged);
    const predictions = await mkdtemp(join(runner.temporaryFolder, "modelgate-predictions-"));
    const outcome = await validate(
      {
        ...judged,
        // What judges is the checkout, which may be newer than the event; where git cannot say, the event's word.
        baseSha: checkout === null || /^0+$/.test(checkout) ? judged.baseSha : checkout,
        configFile: inputs.config,
        models: inputs.models,
        candidateOf: (model) => join(candidates, model),
        baseline: null,
        out: inputs.out,
        workflowRun: { id: runner.runId, attempt: runner.runAttempt },
        isolation: inputs.candidates === undefined ? "separate-jobs" : "one-job",
        baselinePath: null,
        predictions: { folder: predictions, privateRepository: isPrivate(runner.event) },
        wrongInput: "tell",
      },
      { session: openSession(runner, context), measure: measureFor(inputs["benchmark-seconds"]), fetchHeadFiles },
      context,
    );
    const folder = resolve(context.folder, inputs.out);
    if (inputs.artifact !== "none") await uploadFolder(inputs.artifact, folder);
    await keepPredictions(predictions, inputs["predictions-days"], inputs.artifact);
    const verdict = outcome.exitCode === 0 ? "pass" : "not shown";
    const { sha256 } = await digestFile(join(folder, evidenceFileName));
    const outputs = { verdict, holds: outcome.exitCode === 0, evidence: folder, "evidence-sha256": sha256 };
    return { outcome, outputs, enforce: inputs.enforce };
  });
}
