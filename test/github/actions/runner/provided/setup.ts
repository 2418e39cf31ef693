// actions/setup-node and setup-python: the tool of this machine is used, whatever version was asked for, and said so.
import { runStepProgram } from "../program-step.ts";
import type { ProvidedAction } from "./provided-action.ts";

/** An action that shows which version of the tool the machine has; fails when it has none. */
export function setUp(tool: string): ProvidedAction {
  return async ({ state, inputs, signal }) => {
    const asked = inputs["node-version"] ?? inputs["python-version"];
    if (asked !== undefined) state.log.write(`${asked} was asked for; the local runner uses this machine's ${tool}`);
    return runStepProgram(
      state,
      { command: tool, args: ["--version"], folder: state.folders.root, environment: {} },
      signal,
    );
  };
}
