// Use case: is everything in order? Checks config, lock, sources, workflows and the registry; repairs from a plan that it prints.
import { join } from "node:path";
import type { Context } from "../host/context.ts";
import { writeFileAtomically } from "../host/files.ts";
import type { DoctorCheck } from "./doctor-check.ts";
import { checkAdvice, checkLock, checkSources } from "./doctor-local.ts";
import { checkRegistry } from "./doctor-registry.ts";
import { checkWorkflows } from "./doctor-workflows.ts";
import { type LoadedConfig, loadConfig, loadLock } from "./load-config.ts";
import type { JsonDocument, Outcome } from "./outcome.ts";
import { findDefaultBranch } from "./survey-repository.ts";

export interface DoctorSettings {
  /** Do what the plan says. */
  readonly repair: boolean;
  readonly configFile: string | undefined;
  /** `OWNER/NAME`; undefined = the clone's. */
  readonly repository: string | undefined;
  /** Files that a release may lack; default none. */
  readonly files?: readonly string[];
}

/** Kind `doctor`. `healthy`: no check is a problem; after a repair they are made again. */
export interface DoctorDocument extends JsonDocument {
  readonly kind: "doctor";
  readonly healthy: boolean;
  readonly checks: readonly Omit<DoctorCheck, "repair">[];
  /** What `--repair` would do, or did. */
  readonly plan: readonly { readonly path: string; readonly what: string; readonly done: boolean }[];
}

/**
 * Exit 1 when a problem is left.
 * @throws {InputError} when the config or the lock cannot be read: all their problems at once.
 */
export async function examine(settings: DoctorSettings, context: Context): Promise<Outcome<DoctorDocument>> {
  const loaded = await loadConfig(settings.configFile, context);
  const { root } = loaded;
  const found = await check(settings, loaded, context);
  const plan = planRepairs(found);
  if (settings.repair)
    for (const repair of plan)
      await ("apply" in repair ? repair.apply() : writeFileAtomically(join(root, repair.path), repair.text));
  // What is told after a repair is what is there now, not what was.
  const checks = settings.repair && plan.length > 0 ? await check({ ...settings, files: [] }, loaded, context) : found;
  const open = checks.filter(({ outcome }) => outcome === "problem");
  const document: DoctorDocument = {
    kind: "doctor",
    schemaVersion: 1,
    healthy: open.length === 0,
    checks: checks.map(({ repair, ...check }) => check),
    plan: plan.map(({ path, what }) => ({ path, what, done: settings.repair })),
  };
  return { exitCode: document.healthy ? 0 : 1, document, text: renderExamination(document) };
}

async function check(
  settings: DoctorSettings,
  { config, root }: LoadedConfig,
  context: Context,
): Promise<readonly DoctorCheck[]> {
  const lock = await loadLock(root);
  return [
    {
      id: "config",
      outcome: "ok",
      message: `the config names ${config.models.size} ${config.models.size === 1 ? "model" : "models"}`,
    },
    ...checkLock(config, lock),
    ...checkSources(config, root),
    ...(await checkWorkflows(config, root, await findDefaultBranch(root))),
    ...checkAdvice(config),
    ...(await checkRegistry(settings, config, context)),
  ];
}

/** One repair per file or tag: the last check that speaks of a file has the whole new text. */
function planRepairs(checks: readonly DoctorCheck[]): readonly NonNullable<DoctorCheck["repair"]>[] {
  const byPath = new Map(checks.flatMap(({ repair }) => (repair ? [[repair.path, repair] as const] : [])));
  return [...byPath.values()];
}

function renderExamination({ healthy, checks, plan }: DoctorDocument): string {
  const lines = checks.map(({ outcome, message, hint }) => {
    const first = `${outcome.padEnd(8)} ${message}`;
    return hint === undefined ? first : `${first}\n         ${hint}`;
  });
  const done = plan.some((step) => step.done);
  const steps = plan.map(({ what }) => `  - ${what}`);
  return [
    ...lines,
    ...(plan.length === 0 ? [] : ["", done ? "Repaired:" : "`--repair` would:", ...steps]),
    "",
    healthy ? "Everything is in order." : "Something needs a hand.",
  ].join("\n");
}
