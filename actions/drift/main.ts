// The action `drift`: compares two data sets.
import { drift } from "../../src/commands/drift.ts";
import { runAction } from "../run-action.ts";
import { Inputs } from "./inputs.ts";

export async function run(): Promise<void> {
  await runAction(Inputs, async (inputs, { context }) => {
    const outcome = await drift(
      {
        reference: { source: inputs.reference },
        current: { source: inputs.current },
        columns: inputs.columns.length > 0 ? inputs.columns : undefined,
        ignore: inputs.ignore.length > 0 ? inputs.ignore : undefined,
        exact: inputs.exact,
        failOn: inputs["fail-on"].length > 0 ? inputs["fail-on"] : undefined,
        files: { html: inputs.html, junit: inputs.junit },
      },
      context,
    );
    const { verdict } = outcome.document;
    return {
      outcome,
      outputs: { verdict, report: JSON.stringify(outcome.document) },
      enforce: inputs["fail-on-drift"],
    };
  });
}
