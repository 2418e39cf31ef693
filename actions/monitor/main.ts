// The action `monitor`: checks production and uploads findings, or answers those of this workflow run where there is no App.
import { resolve } from "node:path";
import { fetchFindings } from "../../src/commands/fetch-findings.ts";
import { monitor } from "../../src/commands/monitor.ts";
import type { RegistrySession } from "../../src/commands/registry-session.ts";
import { respondToFindings } from "../../src/commands/respond-to-findings.ts";
import { InputError } from "../../src/errors.ts";
import { findingsArtifactName } from "../../src/evidence/findings.ts";
import { uploadFolder } from "../artifacts.ts";
import { readVariables } from "../read-variables.ts";
import { type ActionResult, runAction } from "../run-action.ts";
import { describeRunUrl, openSession, ownAuthors, type Runner } from "../runner.ts";
import { Inputs } from "./inputs.ts";

export async function run(): Promise<void> {
  await runAction(Inputs, async (inputs, { context, runner }) => {
    const session = openSession(runner, context);
    if (inputs["respond-only"]) return await respond(session, runner);
    const outcome = await monitor(
      {
        configFile: inputs.config,
        models: inputs.models,
        out: inputs.out,
        failOn: inputs["fail-on"].length > 0 ? inputs["fail-on"] : undefined,
        headSha: runner.sha,
        workflowRun: { id: runner.runId, attempt: runner.runAttempt },
      },
      session,
      { ...context, environment: { ...context.environment, ...readVariables(inputs.variables) } },
    );
    const folder = resolve(context.folder, inputs.out);
    await uploadFolder(findingsArtifactName, folder);
    const decisions = outcome.document.models.map(({ model, decision }) => ({ model, decision }));
    return { outcome, outputs: { decisions: JSON.stringify(decisions), findings: folder }, enforce: inputs.enforce };
  });
}

async function respond(session: RegistrySession, runner: Runner): Promise<ActionResult> {
  const findings = await fetchFindings(session.repository, runner.runId);
  if (findings === null) {
    throw new InputError({
      message: "this workflow run has no findings",
      hint: "run `monitor` in a job before this one",
    });
  }
  const repository = runner.event["repository"] as { readonly default_branch?: unknown } | undefined;
  const defaultBranch = typeof repository?.default_branch === "string" ? repository.default_branch : "main";
  const settings = {
    findings,
    runId: runner.runId,
    runUrl: describeRunUrl(runner),
    defaultBranch,
    actor: "github-actions[bot]",
  };
  const outcome = await respondToFindings(settings, { ...session, authors: ownAuthors });
  return { outcome, outputs: { decisions: JSON.stringify(outcome.document.responses), findings: "" } };
}
