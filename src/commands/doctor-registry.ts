// The doctor's checks on GitHub: can the registry be read, does it hold, is a publish half done, is the ledger protected.
import type { Config } from "../config/settings.ts";
import { ModelgateError } from "../errors.ts";
import { readStatus } from "../github/failure.ts";
import type { Context } from "../host/context.ts";
import { ledgerBranch } from "../registry/names.ts";
import type { DoctorCheck } from "./doctor-check.ts";
import { findLogin } from "./find-actor.ts";
import { examineRegistry, repairRegistry } from "./registry-doctor.ts";
import { connectRegistry, openRegistrySession, type RegistrySession } from "./registry-session.ts";
import { verify } from "./registry-verify.ts";

/** All checks; when there is no repository or no token they are skipped, with the reason. */
export async function checkRegistry(
  repository: string | undefined,
  config: Config,
  context: Context,
): Promise<readonly DoctorCheck[]> {
  const { environment } = context;
  if (!environment["GITHUB_TOKEN"] && !environment["GH_TOKEN"]) {
    return [{ id: "registry", outcome: "skipped", message: "no token: set GITHUB_TOKEN to look at GitHub" }];
  }
  try {
    const { registry } = (await connectRegistry(repository, context)).under(config);
    const session = openRegistrySession(registry, context);
    const checks = [...(await checkHolds(session)), ...(await checkLeftovers(session, context))];
    return [...checks, ...(await checkProtection(session))];
  } catch (error) {
    if (!(error instanceof ModelgateError)) throw error;
    const [problem] = error.problems;
    const outcome = error.family === "input" ? "skipped" : "problem";
    return [{ id: "registry", outcome, message: problem.message, ...(problem.hint ? { hint: problem.hint } : {}) }];
  }
}

async function checkHolds(session: RegistrySession): Promise<readonly DoctorCheck[]> {
  const { document } = await verify(session);
  if (document.holds)
    return [{ id: "registry", outcome: "ok", message: `the registry holds: ${document.events} events` }];
  return document.problems.map(({ sequence, problem }) => ({
    id: "registry",
    outcome: "problem",
    message: sequence === null ? problem : `event ${sequence}: ${problem}`,
    hint: "modelgate registry verify",
  }));
}

/** Half-done publishes, drafts and releases out of place, an index behind the ledger: each with what would repair it. */
async function checkLeftovers(session: RegistrySession, context: Context): Promise<readonly DoctorCheck[]> {
  const findings = await examineRegistry(session, context);
  if (findings.length === 0) return [{ id: "leftovers", outcome: "ok", message: "nothing on GitHub is half done" }];
  return findings.map((finding) => {
    const { kind, subject, explanation, advice, repair } = finding;
    const message = `${subject}: ${explanation}`;
    if (repair === null) return { id: kind, outcome: "advice", message, hint: advice };
    const apply = async () => repairRegistry([finding], session, await findLogin(session.repository, context));
    return {
      id: kind,
      // A ruleset may keep the tag for good: that is nothing wrong.
      outcome: kind === "orphan-tag" ? "advice" : "problem",
      message,
      hint: advice,
      repair: { path: `${kind} ${subject}`, what: `${subject}: ${advice}`, apply },
    };
  });
}

/** The branch of the ledger should refuse deletion and rewriting. Not being allowed to look is no problem. */
async function checkProtection({ registry }: RegistrySession): Promise<readonly DoctorCheck[]> {
  const { client, owner, name } = registry;
  try {
    const { data } = await client.request("GET /repos/{owner}/{repo}/rules/branches/{branch}", {
      owner,
      repo: name,
      branch: ledgerBranch,
    });
    const types = new Set((data as readonly { readonly type?: string }[]).map(({ type }) => type));
    const missing = ["deletion", "non_fast_forward"].filter((type) => !types.has(type));
    if (missing.length === 0)
      return [{ id: "ledger-protection", outcome: "ok", message: "the ledger's branch is protected" }];
    return [
      {
        id: "ledger-protection",
        outcome: "advice",
        message: `nothing keeps the branch ${ledgerBranch} from being deleted or rewritten`,
        hint: "`modelgate registry rulesets` prints the rulesets to set, and how",
      },
    ];
  } catch (error) {
    const status = readStatus(error);
    if (status === undefined) throw error;
    return [
      {
        id: "ledger-protection",
        outcome: "skipped",
        message: `the rules of ${ledgerBranch} could not be read (${status})`,
      },
    ];
  }
}
