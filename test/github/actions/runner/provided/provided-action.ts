// The shape of the actions that the runner provides itself, so that nothing has to be fetched from github.com.
import type { JobState, StepEffects } from "../job-state.ts";

export interface ProvidedCall {
  readonly state: JobState;
  /** As written under `with`, evaluated; absent inputs are absent. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Does what the action of that name does on GitHub; throws an Error whose message fails the step. */
export type ProvidedAction = (call: ProvidedCall) => Promise<StepEffects>;
