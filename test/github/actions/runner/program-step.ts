// Runs one program of a step with its variables and command files, and applies what it said to the job.
import { delimiter } from "node:path";
import { parseCommand } from "./commands.ts";
import type { JobState } from "./job-state.ts";
import { runProgram } from "./process.ts";
import { createStepFiles } from "./step-files.ts";

export interface StepProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What went wrong is told by the program (an action) or by whoever started it: its exit code gets no annotation. */
  readonly tellsItsFailure?: boolean;
}

export interface ProgramEffects {
  readonly succeeded: boolean;
  readonly outputs: Readonly<Record<string, string>>;
  readonly savedState: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Variables that no step may change through GITHUB_ENV. */
const guarded = /^(GITHUB_|RUNNER_|ACTIONS_)|^NODE_OPTIONS$/;

/** Runs the program to its end. Its masks, annotations, variables and paths take effect on the job at once. */
export async function runStepProgram(
  state: JobState,
  program: StepProgram,
  signal: AbortSignal,
): Promise<ProgramEffects> {
  const files = createStepFiles(state.folders.temp);
  const path = [...state.paths, program.environment["PATH"] ?? state.fixedEnvironment["PATH"] ?? ""].join(delimiter);
  const exitCode = await runProgram({
    command: program.command,
    args: program.args,
    folder: program.folder,
    environment: {
      ...state.environment,
      ...program.environment,
      ...state.fixedEnvironment,
      ...files.variables,
      ...actionOnly(program.environment),
      PATH: path,
    },
    signal,
    onLine: makeLineReader(state),
  });
  const succeeded = exitCode === 0 && !signal.aborted;
  if (!succeeded) {
    const message = signal.aborted ? "The operation was canceled." : `Process completed with exit code ${exitCode}.`;
    if (program.tellsItsFailure === true && !signal.aborted) state.log.write(message);
    else reportError(state, message);
  }
  return { succeeded, ...applyFiles(state, files.collect) };
}

/** GITHUB_ACTION_PATH and the like are the step's own and win over the job's. */
function actionOnly(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => /^(ACTIONS_|GITHUB_ACTION|INPUT_|STATE_)/.test(name)),
  );
}

function applyFiles(
  state: JobState,
  collect: ReturnType<typeof createStepFiles>["collect"],
): Omit<ProgramEffects, "succeeded"> {
  const effects = collect();
  for (const [name, value] of effects.environment) {
    if (guarded.test(name)) state.log.write(`Can't set ${name} through GITHUB_ENV`);
    else state.environment[name] = value;
  }
  state.paths.unshift(...[...effects.paths].reverse());
  return {
    outputs: Object.fromEntries(effects.outputs),
    savedState: Object.fromEntries(effects.state),
    summary: state.log.hide(effects.summary),
  };
}

/** Writes a line to the log, or does what it commands. */
function makeLineReader(state: JobState): (line: string) => void {
  let stopToken: string | undefined;
  return (line) => {
    if (stopToken !== undefined) {
      if (line.trim() === `::${stopToken}::`) stopToken = undefined;
      else state.log.write(line);
      return;
    }
    const command = parseCommand(line);
    switch (command?.name) {
      case "add-mask":
        state.log.addMask(command.message);
        return;
      case "stop-commands":
        stopToken = command.message;
        return;
      case "error":
      case "warning":
      case "notice":
        state.log.annotate({
          level: command.name,
          message: command.message,
          title: command.properties["title"],
          file: command.properties["file"],
          line: toNumber(command.properties["line"]),
          endLine: toNumber(command.properties["endLine"]),
        });
        state.log.write(`##[${command.name}]${command.message}`);
        return;
      case "group":
      case "endgroup":
      case "debug":
        state.log.write(`##[${command.name}]${command.message}`);
        return;
      default:
        state.log.write(line);
    }
  };
}

/** An error of the runner itself: an annotation and a line. */
export function reportError(state: JobState, message: string): void {
  state.log.annotate({
    level: "error",
    message,
    title: undefined,
    file: undefined,
    line: undefined,
    endLine: undefined,
  });
  state.log.write(`##[error]${message}`);
}

function toNumber(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || !Number.isInteger(value) ? undefined : value;
}
