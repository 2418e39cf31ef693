// The action `adopt`: hands the models that the merged pull request gated on to the jobs that publish.
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { adoptGated } from "../../src/commands/adopt-gated.ts";
import { evidenceArtifactName } from "../../src/evidence/evidence.ts";
import { downloadFolder, uploadFolder } from "../artifacts.ts";
import { runAction } from "../run-action.ts";
import { openSession } from "../runner.ts";
import { Inputs } from "./inputs.ts";

const candidatesName = "modelgate-candidates";

export async function run(): Promise<void> {
  await runAction(Inputs, async (inputs, { context, runner }) => {
    const token = context.environment["GITHUB_TOKEN"];
    const folder = await mkdtemp(join(runner.temporaryFolder, "modelgate-"));
    const fetchFolder = (runId: number, name: string, out: string) =>
      downloadFolder(name, out, runner.temporaryFolder, undefined, {
        token: token ?? "",
        workflowRunId: runId,
        repositoryOwner: runner.owner,
        repositoryName: runner.name,
      });
    const outcome = await adoptGated(
      { event: runner.event, publisher: inputs.publisher, candidatesName, folder },
      { session: openSession(runner, context), fetchFolder },
      context,
    );
    const { run: adopted, evidenceSha256, reason } = outcome.document;
    if (adopted !== null) {
      await uploadFolder(candidatesName, join(folder, "candidates"));
      await uploadFolder(evidenceArtifactName, join(folder, "evidence"));
    }
    return { outcome, outputs: { run: adopted, "evidence-sha256": evidenceSha256, reason: reason ?? "" } };
  });
}
