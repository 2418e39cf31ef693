// The doctor's checks on GitHub: can the registry be read, does it hold, is a publish half done, is the ledger protected.
import { relative, resolve } from "node:path";
import type { Config } from "../config/settings.ts";
import { ModelgateError } from "../errors.ts";
import { readStatus } from "../github/failure.ts";
import type { Context } from "../host/context.ts";
import type { RegistryFinding } from "../registry/diagnosis.ts";
import { readEventMessage } from "../registry/ledger.ts";
import { ledgerBranch } from "../registry/names.ts";
import type { PublishFile } from "../registry/publish-files.ts";
import { findBrokenChain, findLostHead } from "../registry/sound-chain.ts";
import { findUntold } from "../registry/told-consumers.ts";
import { type VerificationInput, verifyRegistry } from "../registry/verification.ts";
import type { DoctorSettings } from "./doctor.ts";
import type { DoctorCheck } from "./doctor-check.ts";
import { findLogin } from "./find-actor.ts";
import { gatherVerification } from "./gather-verification.ts";
import { digestModelFile, findModelFiles } from "./publish-file.ts";
import { examineRegistry, type FindStages, repairRegistry } from "./registry-doctor.ts";
import { notify } from "./registry-notify.ts";
import { connectRegistry, openRegistrySession, type RegistrySession } from "./registry-session.ts";

/** All checks; when there is no repository or no token they are skipped, with the reason. @throws InputError for a file that is not there. */
export async function checkRegistry(
  { repository, files: paths = [] }: Pick<DoctorSettings, "repository" | "files">,
  config: Config,
  context: Context,
): Promise<readonly DoctorCheck[]> {
  const { environment } = context;
  if (!environment["GITHUB_TOKEN"] && !environment["GH_TOKEN"]) {
    return [{ id: "registry", outcome: "skipped", message: "no token: set GITHUB_TOKEN to look at GitHub" }];
  }
  const files = await digestFiles(paths, context);
  try {
    const own = (await connectRegistry(repository, context)).under(config);
    const { registry, dispatcher } = own;
    // All models of the registry are looked at, whoever publishes them; people and consumers are those of the config.
    const session = { ...openRegistrySession(registry, context), repository: own.repository, dispatcher };
    const findStages: FindStages = (model) => config.models.get(model)?.stages;
    const input = await gatherVerification(session);
    const past = checkPast(input, session);
    const checks = [
      ...checkHolds(input),
      ...past,
      ...(past.length === 0
        ? [
            ...(await checkLeftovers(input, session, findStages, context, files)),
            ...checkTold(input, session, findStages, context),
          ]
        : [wait]),
    ];
    return [...checks, ...(await checkProtection(session))];
  } catch (error) {
    if (!(error instanceof ModelgateError)) throw error;
    const [problem] = error.problems;
    const outcome = error.family === "input" ? "skipped" : "problem";
    return [{ id: "registry", outcome, message: problem.message, ...(problem.hint ? { hint: problem.hint } : {}) }];
  }
}

function checkHolds(input: VerificationInput): readonly DoctorCheck[] {
  const { holds, events, problems } = verifyRegistry(input);
  if (holds) return [{ id: "registry", outcome: "ok", message: `the registry holds: ${events} events` }];
  return problems.map(({ sequence, problem }) => ({
    id: "registry",
    outcome: "problem",
    message: sequence === null ? problem : `event ${sequence}: ${problem}`,
    hint: "modelgate registry verify",
  }));
}

const wait: DoctorCheck = {
  id: "leftovers",
  outcome: "skipped",
  message: "what is half done is looked at once the ledger's past holds",
};

/** Nothing is built on, or made up from, events that are not what they were: a person puts the branch back. */
function checkPast(input: VerificationInput, { registry }: RegistrySession): readonly DoctorCheck[] {
  const broken = findBrokenChain(input.commits);
  const lost = findLostHead(input);
  const refs = `repos/${registry.owner}/${registry.name}/git/refs`;
  const put = (commit: string) =>
    input.commits.length === 0
      ? `gh api ${refs} -f ref=refs/heads/${ledgerBranch} -f sha=${commit}`
      : `gh api -X PATCH ${refs}/heads/${ledgerBranch} -f sha=${commit} -F force=true`;
  const from = `put the branch ${ledgerBranch} back as it was, from a clone that has it`;
  const again = "Then run the doctor again";
  if (lost !== null)
    return [
      {
        id: "lost-events",
        outcome: "problem",
        message: `the release ${lost.tag} was made when event ${lost.sequence} was commit ${lost.commit}, and the ledger does not hold that any more`,
        hint: `${from}; or, with an administrator's token and as long as GitHub keeps that commit: ${put(lost.commit)}. ${again}`,
      },
    ];
  if (broken === null) return [];
  const { last, commits, events } = broken;
  const dropped = `${commits} ${commits === 1 ? "commit" : "commits"}, ${events} of them with an event`;
  const way =
    last === null
      ? ""
      : `; or, with an administrator's token: ${put(last.commit)} keeps events 1 to ${last.sequence} and drops ${dropped}`;
  return [
    {
      id: "broken-chain",
      outcome: "problem",
      message: `the ledger's chain ${last === null ? "does not hold from its beginning" : `holds up to event ${last.sequence} (commit ${last.commit})`}; nothing is made up from what stands behind`,
      hint: `${from}${way}. ${again}`,
    },
  ];
}

/** Half-done publishes, drafts and releases out of place, an index behind the ledger: each with what would repair it. */
async function checkLeftovers(
  input: VerificationInput,
  session: RegistrySession,
  findStages: FindStages,
  context: Context,
  files: readonly PublishFile[],
): Promise<readonly DoctorCheck[]> {
  const findings = await examineRegistry(session, context, input, files);
  const needed = findings.flatMap(({ repair }) =>
    repair?.repair === "restore" ? repair.lacking.map(({ sha256 }) => sha256) : [],
  );
  const idle = files
    .filter(({ sha256 }) => !needed.includes(sha256))
    .map(({ path, sha256 }): DoctorCheck => {
      const message = `${path} (sha256 ${sha256}) is left alone: no release that could be mended with these files lacks it`;
      return { id: "file", outcome: "advice", message };
    });
  if (findings.length === 0)
    return [...idle, { id: "leftovers", outcome: "ok", message: "nothing on GitHub is half done" }];
  const told = findings.map((finding): DoctorCheck => {
    const { kind, subject, explanation, advice, repair } = finding;
    const message = `${subject}: ${explanation}`;
    const foreign = repair?.repair === "roll-back" && findStages(repair.record.model) === undefined;
    if (foreign)
      return { id: kind, outcome: "problem", message, hint: `${advice}; do so where the config names the model` };
    if (repair === null) return { id: kind, outcome: "advice", message, hint: advice };
    const apply = async () =>
      repairRegistry([finding], session, await findLogin(session.repository, context), findStages, context, files);
    return {
      id: kind,
      // A ruleset may keep the tag for good: that is nothing wrong.
      outcome: kind === "orphan-tag" ? "advice" : "problem",
      message,
      hint: advice,
      repair: { path: `${kind} ${subject}`, what: `${subject}: ${describeRepair(finding)}`, apply },
    };
  });
  return [...idle, ...told];
}

/** Files at hand, each with its digest; of folders all files. */
async function digestFiles(paths: readonly string[], context: Context): Promise<readonly PublishFile[]> {
  const files: PublishFile[] = [];
  for (const path of paths)
    for (const file of await findModelFiles(resolve(context.folder, path))) {
      const digested = await digestModelFile(file, Number.MAX_SAFE_INTEGER);
      files.push({ ...digested, path: relative(context.folder, file.place) });
    }
  return files;
}

function describeRepair({ advice, repair }: RegistryFinding): string {
  if (repair?.repair !== "roll-back") return advice;
  const moves = repair.moves.map(({ stage, to }) => `roll ${stage} back to ${to}, the last version that verifies`);
  return `${moves.join("; ")}; then withdraw ${repair.record.version}`;
}

/** Stages that moved without a record that the repositories under `notify` were told. */
function checkTold(
  { commits }: VerificationInput,
  session: RegistrySession,
  findStages: FindStages,
  context: Context,
): readonly DoctorCheck[] {
  const events = commits.map(({ message }) => readEventMessage(message)).filter((event) => event !== null);
  return findUntold(events, findStages, context.now()).map(
    ({ model, stage, version, sequence, since, repositories }) => {
      const reference = `${model}@${stage}`;
      const named = repositories.join(", ");
      const command = `modelgate registry notify ${reference}`;
      const apply = async () => {
        const { text } = await notify(reference, findStages(model) ?? [], session);
        session.progress(text);
      };
      return {
        id: "lost-dispatch",
        outcome: "problem",
        message: `${stage} of ${model} holds ${version} since ${since} (event ${sequence}), and nothing says that ${named} was told`,
        hint: `${command} tells ${named} now; being told twice does no harm, the event's number is the same`,
        repair: {
          path: `lost-dispatch ${reference}`,
          what: `tell ${named} what ${reference} holds: ${command}`,
          apply,
        },
      };
    },
  );
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
