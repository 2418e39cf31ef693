// Runs one program of the user: without a shell unless asked, in a process group of its own, bounded in time and output.
import { type ChildProcess, spawn } from "node:child_process";
import { createLineReader, createMask } from "./masked-lines.ts";
import { watchPeakMemory } from "./process-memory.ts";
import type { ProgramEnvironment } from "./program-environment.ts";

export interface ProgramRun {
  /** Program and arguments; with `shell` the one string in it. */
  readonly words: readonly string[];
  readonly shell: boolean;
  /** Absolute path of the folder it runs in. */
  readonly folder: string;
  readonly environment: ProgramEnvironment;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  /** Every line of its output as it comes, secrets masked. */
  readonly onLine?: (line: string) => void;
}

export type ProgramEnd =
  | { readonly kind: "exited"; readonly exitCode: number }
  | { readonly kind: "killed"; readonly signal: string }
  | { readonly kind: "timed-out"; readonly timeoutSeconds: number }
  | { readonly kind: "not-found" }
  | { readonly kind: "not-started"; readonly problem: string }
  | { readonly kind: "stopped" };

export interface ProgramResult {
  readonly end: ProgramEnd;
  /** At most the last 40 lines of stdout and stderr in the order they came, secrets masked. */
  readonly lastLines: readonly string[];
  readonly durationSeconds: number;
  /** Of the whole process group; null where it cannot be measured. */
  readonly peakMemoryBytes: number | null;
}

const keptLines = 40;
/** Between asking a group to end and ending it. */
const graceMilliseconds = 3_000;
/** For output still in the pipe after the program itself has ended; a process it left behind may hold the pipe open. */
const drainMilliseconds = 500;

/**
 * Runs a program to its end, whichever it is; never throws for what the program does. Past the time limit, or when `signal`
 * aborts, the whole process group is asked to end and killed three seconds later; processes it leaves behind are killed.
 */
export async function runProcess(run: ProgramRun): Promise<ProgramResult> {
  const started = performance.now();
  const lastLines: string[] = [];
  const mask = createMask(run.environment.secrets);
  const keep = (line: string) => {
    lastLines.push(line);
    if (lastLines.length > keptLines) lastLines.shift();
    run.onLine?.(line);
  };
  const finish = (end: ProgramEnd, peakMemoryBytes: number | null): ProgramResult => ({
    end,
    lastLines,
    durationSeconds: (performance.now() - started) / 1000,
    peakMemoryBytes,
  });
  if (run.signal.aborted) return finish({ kind: "stopped" }, null);
  const [program = "", ...args] = run.words;
  if (program === "") return finish({ kind: "not-found" }, null);
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      cwd: run.folder,
      env: run.environment.variables,
      shell: run.shell,
      detached: process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
  } catch (error) {
    return finish({ kind: "not-started", problem: mask(error instanceof Error ? error.message : String(error)) }, null);
  }
  const readers = [child.stdout, child.stderr].map((stream) => {
    const reader = createLineReader(mask, keep);
    stream?.on("data", reader.write);
    return reader;
  });
  const readPeak = child.pid === undefined ? async () => null : watchPeakMemory(child.pid);
  const end = await waitForEnd(child, run);
  for (const reader of readers) reader.end();
  return finish(end, await readPeak());
}

async function waitForEnd(child: ChildProcess, run: ProgramRun): Promise<ProgramEnd> {
  let reason: ProgramEnd | undefined;
  let killer: NodeJS.Timeout | undefined;
  const stop = (why: ProgramEnd) => {
    reason ??= why;
    signalGroup(child, "SIGTERM");
    killer ??= setTimeout(() => signalGroup(child, "SIGKILL"), graceMilliseconds);
  };
  // Node's timers hold at most 2^31 - 1 ms; a longer limit is no limit.
  const limit = Math.min(run.timeoutSeconds * 1000, 2 ** 31 - 1);
  const timer = setTimeout(() => stop({ kind: "timed-out", timeoutSeconds: run.timeoutSeconds }), limit);
  const onAbort = () => stop({ kind: "stopped" });
  run.signal.addEventListener("abort", onAbort, { once: true });
  try {
    const own = await new Promise<ProgramEnd>((resolve) => {
      child.once("error", (error: NodeJS.ErrnoException) => {
        if (child.pid !== undefined) return;
        resolve(error.code === "ENOENT" ? { kind: "not-found" } : { kind: "not-started", problem: error.message });
      });
      child.once("exit", (exitCode, signal) => {
        const end: ProgramEnd = signal ? { kind: "killed", signal } : { kind: "exited", exitCode: exitCode ?? 1 };
        const drained = setTimeout(() => resolve(end), drainMilliseconds);
        child.once("close", () => {
          clearTimeout(drained);
          resolve(end);
        });
      });
    });
    return reason ?? own;
  } finally {
    clearTimeout(timer);
    clearTimeout(killer);
    run.signal.removeEventListener("abort", onAbort);
    if (child.pid !== undefined) signalGroup(child, "SIGKILL");
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

/** Signals the program and everything it started that stayed in its group; those that are gone already do not matter. */
function signalGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group is empty.
  }
}

/** How a program ended, as a sentence without its name: "exited with status 3". */
export function describeProgramEnd(end: ProgramEnd): string {
  switch (end.kind) {
    case "exited":
      return `exited with status ${end.exitCode}`;
    case "killed":
      return `was killed by ${end.signal}`;
    case "timed-out":
      return `did not end within its limit of ${end.timeoutSeconds} s and was killed`;
    case "not-found":
      return "was not found";
    case "not-started":
      return `could not be started: ${end.problem}`;
    case "stopped":
      return "was stopped";
  }
}
