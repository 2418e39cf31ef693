// How much memory a process group holds at its peak, read from Linux's /proc while it runs.
import { readdir, readFile } from "node:fs/promises";

const intervalMilliseconds = 200;

/**
 * Samples the resident memory of the process group led by `leader` until the returned function is called, which resolves to
 * the peak in bytes: the largest sum over the group seen at one moment, or the kernel's own high-water mark of the leader if
 * that is larger. Null where it cannot be measured (no /proc, or the program ended before the first sample).
 */
export function watchPeakMemory(leader: number): () => Promise<number | null> {
  let peak = 0;
  let running: Promise<void> = Promise.resolve();
  const sample = () => {
    running = running.then(async () => {
      peak = Math.max(peak, await sumResidentBytes(leader));
    });
  };
  if (process.platform === "linux") sample();
  const timer = process.platform === "linux" ? setInterval(sample, intervalMilliseconds) : undefined;
  timer?.unref();
  return async () => {
    clearInterval(timer);
    await running;
    return peak > 0 ? peak : null;
  };
}

async function sumResidentBytes(leader: number): Promise<number> {
  const processes = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const members = await Promise.all(processes.map(async (id) => ((await readGroup(id)) === leader ? id : undefined)));
  let sum = 0;
  let highWater = 0;
  for (const id of members) {
    if (id === undefined) continue;
    const status = await readFile(`/proc/${id}/status`, "latin1").catch(() => "");
    sum += readKilobytes(status, "VmRSS");
    if (Number(id) === leader) highWater = readKilobytes(status, "VmHWM");
  }
  return Math.max(sum, highWater) * 1024;
}

/** The process group of a process; its name in the second field may hold spaces and brackets. */
async function readGroup(id: string): Promise<number> {
  const text = await readFile(`/proc/${id}/stat`, "latin1").catch(() => "");
  return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[2]);
}

function readKilobytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0);
}
