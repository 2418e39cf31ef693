// Runs the command as its users do, in a process of its own, or work in this one, and says what that took.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Ran {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

/** Rounds of every command; the median counts. */
const rounds = 3;

/** Medians of three runs, each number by itself. */
export async function repeat(run: () => Promise<Ran> | Ran): Promise<Ran> {
  const ran: Ran[] = [];
  for (let round = 0; round < rounds; round++) ran.push(await run());
  return takeMedians(ran);
}

export function takeMedians(ran: readonly Ran[]): Ran {
  const median = (of: (one: Ran) => number): number => ran.map(of).sort((a, b) => a - b)[ran.length >> 1] ?? Number.NaN;
  return {
    wallSeconds: median((one) => one.wallSeconds),
    cpuSeconds: median((one) => one.cpuSeconds),
    peakMegabytes: median((one) => one.peakMegabytes),
  };
}

/** Times work in this process; its memory is not known apart. */
export function timeHere(work: () => unknown): Ran {
  const started = performance.now();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return {
    wallSeconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: Number.NaN,
  };
}

export const commandFile = join(import.meta.dirname, "cli.mjs");

/** Loaded before the command: says at its end what the process used. The system's own peak would count the parent it was forked from. */
const reporter = `data:text/javascript,import{readFileSync,writeFileSync}from"node:fs";process.on("exit",()=>{const u=process.resourceUsage();const peak=/VmHWM:\\s*(\\d%2B)/.exec(readFileSync("/proc/self/status","utf8"));writeFileSync(process.env.BENCH_USAGE,JSON.stringify([(u.userCPUTime%2Bu.systemCPUTime)/1e6,Number(peak[1])/1024]))})`;

/** Runs `modelgate` with these words in `folder`. Throws where it ends with an error; 0 and 1 are answers. */
export function runCommand(folder: string, words: readonly string[]): Ran {
  return runNode(folder, [commandFile, ...words]);
}

/** The same for any program of Node. */
export function runNode(folder: string, words: readonly string[]): Ran {
  const usage = join(folder, "usage.json");
  const started = performance.now();
  const run = spawnSync(process.execPath, ["--import", reporter, ...words], {
    cwd: folder,
    env: { ...process.env, BENCH_USAGE: usage },
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const wallSeconds = (performance.now() - started) / 1000;
  if (run.status !== 0 && run.status !== 1) throw new Error(`${words.join(" ")}: ${run.stderr}`);
  const [cpuSeconds = Number.NaN, peakMegabytes = Number.NaN] = JSON.parse(readFileSync(usage, "utf8")) as number[];
  return { wallSeconds, cpuSeconds, peakMegabytes };
}
