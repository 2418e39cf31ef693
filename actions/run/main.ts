// The umbrella action: trains, judges and shows in one job. Its evidence is self-reported, for the code of the change ran beside it.
import { join, resolve } from "node:path";
import { createHeadFiles, describeJudged } from "../../src/commands/describe-judged.ts";
import { findChangedPaths } from "../../src/commands/find-changed-paths.ts";
import { reportRun } from "../../src/commands/report-run.ts";
import { trainModels } from "../../src/commands/train-models.ts";
import { validate } from "../../src/commands/validate.ts";
import { keepPredictions, uploadFolder } from "../artifacts.ts";
import { readVariables } from "../read-variables.ts";
import { runAction } from "../run-action.ts";
import { isPrivate, openSession, ownAuthors } from "../runner.ts";
import { Inputs } from "./inputs.ts";

/** Long enough to look into a verdict; short, since rows are rows. */
const predictionsDays = 7;

export async function run(): Promise<void> {
  await runAction(Inputs, async (inputs, { context, runner }) => {
    const session = openSession(runner, context);
    const candidates = resolve(context.folder, join(runner.temporaryFolder, "candidates"));
    const out = resolve(context.folder, join(runner.temporaryFolder, "evidence"));
    const predictions = join(runner.temporaryFolder, "predictions");
    const changedPaths = await findChangedPaths(session.repository, runner.event);
    const trained = await trainModels(
      { models: inputs.models, changedPaths, out: candidates, configFile: inputs.config },
      { ...context, environment: { ...context.environment, ...readVariables(inputs.variables) } },
    );
    context.progress(trained.text);
    const models = trained.document.models.map(({ model }) => model);
    const judged = await describeJudged(session.repository, runner.event, runner.sha);
    const validated = await validate(
      {
        ...judged,
        configFile: inputs.config,
        models: judged.head === null ? models : inputs.models,
        candidateOf: (model) => join(candidates, model),
        baseline: null,
        out,
        workflowRun: { id: runner.runId, attempt: runner.runAttempt },
        isolation: "one-job",
        baselinePath: null,
        predictions: { folder: predictions, privateRepository: isPrivate(runner.event) },
        wrongInput: "tell",
      },
      { session, measure: null, fetchHeadFiles: createHeadFiles(session.repository, judged) },
      context,
    );
    await uploadFolder("modelgate-evidence", out);
    await keepPredictions(predictions, predictionsDays);
    const { comment, publisher } = inputs;
    const settings = {
      runId: runner.runId,
      publisher,
      evidenceSha256: null,
      comment,
      dryRun: false,
      authors: ownAuthors,
    };
    const outcome = judged.head === null ? validated : await reportRun(settings, session, context);
    return { outcome, outputs: { holds: validated.exitCode === 0, evidence: out, candidates } };
  });
}
