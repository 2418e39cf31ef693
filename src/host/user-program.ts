// One program of the user under the contract all of them share: it ends with status 0 in time, or the step fails and says why.
import { RefusedError } from "../errors.ts";
import type { Context } from "./context.ts";
import { createMask } from "./masked-lines.ts";
import { selectProgramEnvironment } from "./program-environment.ts";
import { describeProgramEnd, type ProgramResult, runProcess } from "./run-process.ts";

export interface UserProgram {
  /** For messages: "the training program". */
  readonly title: string;
  readonly program: { readonly words: readonly string[]; readonly shell: boolean };
  /** Added by the contract: `MODELGATE_…`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of variables the config hands through. */
  readonly env: readonly string[];
  readonly timeoutSeconds: number;
  readonly folder: string;
}

/**
 * Runs it and passes its lines to `context.progress`. Throws RefusedError with how it ended and the last lines of its output
 * (secrets masked) unless it exits with status 0.
 */
export async function runUserProgram(run: UserProgram, context: Context): Promise<ProgramResult> {
  const environment = selectProgramEnvironment(context.environment, run.env, run.variables);
  const result = await runProcess({
    words: run.program.words,
    shell: run.program.shell,
    folder: run.folder,
    environment,
    timeoutSeconds: run.timeoutSeconds,
    signal: context.signal,
    onLine: context.progress,
  });
  if (result.end.kind === "exited" && result.end.exitCode === 0) return result;
  const shown = createMask(environment.secrets)(run.program.words.join(" ")).slice(0, 200);
  const lines = result.lastLines.slice(-20).join("\n");
  throw new RefusedError({
    message: `${run.title} ${describeProgramEnd(result.end)}`,
    expected: "exit status 0",
    received: lines ? `its last lines:\n${lines}` : "no output",
    hint: hintFor(result, shown),
  });
}

function hintFor({ end }: ProgramResult, shown: string): string {
  if (end.kind === "not-found") return `install it, or correct \`${shown}\` in the config; a list runs without a shell`;
  if (end.kind === "timed-out") return "raise `timeout:` in the config, or make it faster";
  if (end.kind === "killed") return "often the machine ran out of memory";
  return `run \`${shown}\` on your machine`;
}
