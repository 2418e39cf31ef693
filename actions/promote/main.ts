// The action `promote`: takes versions through the stages as far as their rules allow.
import { z } from "zod";
import { promoteModels } from "../../src/commands/promote-models.ts";
import { InputError } from "../../src/errors.ts";
import { runAction } from "../run-action.ts";
import { openSession } from "../runner.ts";
import { Inputs } from "./inputs.ts";

const Versions = z.array(z.object({ model: z.string(), version: z.string() })).max(500);

export async function run(): Promise<void> {
  await runAction(Inputs, async (inputs, { context, runner }) => {
    const outcome = await promoteModels(
      {
        versions: readVersions(inputs),
        upTo: inputs["up-to"] ?? null,
        reason: inputs.reason ?? null,
        configFile: inputs.config,
        dryRun: inputs["dry-run"],
      },
      openSession(runner, context),
      context,
    );
    const { changes, held } = outcome.document;
    return {
      outcome,
      outputs: { moved: changes.length, held: held.length, document: JSON.stringify(outcome.document) },
    };
  });
}

function readVersions({ versions, model, version }: z.infer<typeof Inputs>) {
  if (model !== undefined && version !== undefined) return [{ model, version }];
  try {
    return Versions.parse(JSON.parse(versions ?? "[]"));
  } catch (error) {
    throw new InputError({ message: "input `versions` is not a JSON list of models and versions" }, { cause: error });
  }
}
