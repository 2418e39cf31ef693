// The action `publish`: publishes the bytes that this workflow run judged.
import { publishModels } from "../../src/commands/publish-models.ts";
import { evidenceArtifactName } from "../../src/evidence/evidence.ts";
import { fetchFolder } from "../artifacts.ts";
import { runAction } from "../run-action.ts";
import { describeRunUrl, openSession, ownAuthors } from "../runner.ts";
import { Inputs } from "./inputs.ts";

export async function run(): Promise<void> {
  await runAction(Inputs, async (inputs, { context, runner }) => {
    const outcome = await publishModels(
      {
        candidates: await fetchFolder("modelgate-candidates", inputs.candidates, runner),
        evidence: await fetchFolder(evidenceArtifactName, inputs.evidence, runner),
        evidenceSha256: inputs["evidence-sha256"] || null,
        adoptedRun: inputs["adopted-run"] ? Number(inputs["adopted-run"]) : null,
        configFile: inputs.config,
        authors: ownAuthors,
        runUrl: describeRunUrl(runner),
        dryRun: inputs["dry-run"],
      },
      openSession(runner, context),
      context,
    );
    const versions = outcome.document.publications.map(({ model, version }) => ({ model, version }));
    return { outcome, outputs: { versions: JSON.stringify(versions), published: versions.length } };
  });
}
