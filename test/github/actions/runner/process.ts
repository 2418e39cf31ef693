// Starts a step's program in a process group of its own, hands over its lines, and ends the whole group when told to.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Aborted on cancel or time-out. */
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

const graceMilliseconds = 2_000;

/** Runs to the end and gives the exit code: 128 when a signal ended it, 127 when the program is not there. */
export async function runProgram(program: Program): Promise<number> {
  const child = spawn(program.command, program.args, {
    cwd: program.folder,
    env: program.environment,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const streams = [child.stdout, child.stderr].map(async (stream) => {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      program.onLine(line);
    }
  });
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    endGroup(child.pid, "SIGTERM");
    killTimer = setTimeout(() => endGroup(child.pid, "SIGKILL"), graceMilliseconds);
  };
  if (program.signal.aborted) stop();
  program.signal.addEventListener("abort", stop, { once: true });
  try {
    const exitCode = await new Promise<number>((resolve) => {
      child.once("error", (error) => {
        program.onLine(`${program.command}: ${error.message}`);
        resolve(127);
      });
      child.once("exit", (code) => resolve(code ?? 128));
    });
    endGroup(child.pid, "SIGKILL");
    await Promise.all(streams);
    return exitCode;
  } finally {
    clearTimeout(killTimer);
    program.signal.removeEventListener("abort", stop);
  }
}

/** What a step left running in its group ends with it, as on a machine that is thrown away. */
function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}
