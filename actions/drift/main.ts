// The action `drift`: compares two data sets.
import { drift } from "../../src/commands/drift.ts";
import { resolveDriftRequest } from "../../src/commands/drift-request.ts";
import { readVariables } from "../read-variables.ts";
import { runAction } from "../run-action.ts";
import { Inputs } from "./inputs.ts";

export async function run(): Promise<void> {
  await runAction(Inputs, async (inputs, { context }) => {
    const own = { ...context, environment: { ...context.environment, ...readVariables(inputs.variables) } };
    const some = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);
    const settings = await resolveDriftRequest(
      {
        ...inputs,
        configFile: inputs.config,
        references: inputs.reference,
        columns: some(inputs.columns),
        missingValues: some(inputs.missing),
        referenceFrom: inputs["reference-from"],
        referenceTo: inputs["reference-to"],
        currentFrom: inputs["current-from"],
        currentTo: inputs["current-to"],
        wholeDays: inputs["whole-days"],
        referenceWindows: inputs["reference-windows"],
        failOn: some(inputs["fail-on"]),
        files: { html: inputs.html, junit: inputs.junit },
      },
      own,
    );
    const outcome = await drift(settings, own);
    const { verdict } = outcome.document;
    return {
      outcome,
      outputs: { verdict, report: JSON.stringify(outcome.document) },
      enforce: inputs["fail-on-drift"],
    };
  });
}
