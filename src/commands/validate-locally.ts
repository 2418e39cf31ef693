// `validate` on somebody's own machine: the checkout's rules judge, the baseline is a path or comes from the registry.
import { join, resolve } from "node:path";
import { InputError } from "../errors.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Context } from "../host/context.ts";
import { findFileKind } from "../host/files.ts";
import type { Outcome } from "./outcome.ts";
import { readCheckoutHead } from "./read-checkout-head.ts";
import { connectRegistry, type RegistrySession } from "./registry-session.ts";
import { validate } from "./validate.ts";
import type { MeasureModels } from "./validate-model.ts";

export interface LocalValidateSettings {
  readonly model: string;
  readonly candidate: string;
  /** A path, a stage or a version; null = the config's baseline. */
  readonly baseline: string | null;
  readonly out: string;
  readonly configFile: string | undefined;
  readonly repository: string | undefined;
}

/** Judges one model. Throws InputError when a path is missing; without a repository there is no baseline but a path. */
export async function validateLocally(
  settings: LocalValidateSettings,
  context: Context,
  measure: MeasureModels | null = null,
): Promise<Outcome<Evidence>> {
  if ((await findFileKind(resolve(context.folder, settings.candidate))) === "missing") {
    throw new InputError({
      file: settings.candidate,
      message: "the candidate is missing",
      expected: "a folder that `modelgate train --out` left, or a model file",
      hint: `run \`modelgate train ${settings.model} --out ${settings.candidate}\` first`,
    });
  }
  const path = await findBaselinePath(settings.baseline, context);
  const session = path === null ? await findSession(settings.repository, context) : null;
  return validate(
    {
      configFile: settings.configFile,
      models: [settings.model],
      candidateOf: () => settings.candidate,
      baseline: path === null ? settings.baseline : null,
      out: settings.out,
      head: null,
      headSha: await readCheckoutHead(context),
      baseSha: null,
      mergedHeads: [],
      workflowRun: null,
      isolation: "local",
      baselinePath: path,
      // What stays on this machine is not shown to anybody.
      predictions: { folder: join(settings.out, "predictions"), privateRepository: false },
      wrongInput: "throw",
    },
    { session, measure, fetchHeadFiles: null },
    context,
  );
}

/** The baseline when it is something on disk; null = a stage or version, or not given. */
async function findBaselinePath(given: string | null, context: Context): Promise<string | null> {
  if (given === null) return null;
  if ((await findFileKind(resolve(context.folder, given))) !== "missing") return given;
  if (/^(\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?|[a-z][a-z0-9_-]{0,63})$/.test(given)) return null;
  throw new InputError({
    file: given,
    message: "the baseline is missing",
    expected: "a model on disk, a stage such as `production`, or a version such as `1.4.0`",
    received: given,
  });
}

async function findSession(repository: string | undefined, context: Context): Promise<RegistrySession | null> {
  try {
    return await connectRegistry(repository, context);
  } catch (error) {
    if (!(error instanceof InputError) || repository !== undefined) throw error;
    context.progress("no GitHub repository is known here: there is no baseline to compare with");
    return null;
  }
}
