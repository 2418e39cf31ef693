// The action `report`: judges the evidence of this workflow run, shows it, and is the required check where there is no App.

import { reportRun } from "../../src/commands/report-run.ts";
import { runAction } from "../run-action.ts";
import { openSession, ownAuthors, readJudgedRun } from "../runner.ts";
import { Inputs } from "./inputs.ts";

export async function run(): Promise<void> {
  await runAction(Inputs, async (inputs, { context, runner }) => {
    const outcome = await reportRun(
      {
        runId: readJudgedRun(runner),
        publisher: inputs.publisher,
        evidenceSha256: inputs["evidence-sha256"] || null,
        comment: inputs.comment,
        dryRun: inputs["dry-run"],
        authors: ownAuthors,
      },
      openSession(runner, context),
      context,
    );
    const { state, commentUrl, verdictKey } = outcome.document;
    return { outcome, outputs: { verdict: state, "comment-url": commentUrl, key: verdictKey } };
  });
}
