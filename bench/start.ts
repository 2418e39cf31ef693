// What every job pays before it does anything: the size of what is downloaded, and the time to a first line.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const runs = 15;

/** Sizes in bytes, medians of 15 processes in milliseconds, beside an empty Node process. */
export async function benchStart(print: (line: string) => void): Promise<void> {
  const dist = import.meta.dirname;
  const bundle = readFileSync(join(dist, "modelgate.cjs"));
  const stubs = readdirSync(dist).filter((name) => name.endsWith(".cjs") && name !== "modelgate.cjs");
  const sizes = stubs.map((name) => statSync(join(dist, name)).size);
  print(
    `bundle ${bundle.length} bytes, ${gzipSync(bundle).length} gzipped; ${stubs.length} stubs of ${Math.min(...sizes)} to ${Math.max(...sizes)} bytes`,
  );
  const floor = measure(["-e", ""]);
  const stub = measure([join(dist, "promote.cjs")]);
  const help = measure([join(dist, "cli.mjs"), "--help"]);
  print(`node alone ${floor.toFixed(0)} ms`);
  print(`stub to its first line ${stub.toFixed(0)} ms (${(stub / floor).toFixed(1)} × node)`);
  print(`modelgate --help ${help.toFixed(0)} ms (${(help / floor).toFixed(1)} × node)`);
}

/** Median time of a process that ends by itself; a stub outside a workflow ends with its first message. */
function measure(words: readonly string[]): number {
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    try {
      execFileSync(process.execPath, words, { stdio: "ignore", env: { PATH: process.env["PATH"] } });
    } catch {
      // It says what it misses and ends with an error: that is its first line.
    }
    return performance.now() - started;
  });
  return times.sort((left, right) => left - right)[Math.floor(runs / 2)] ?? Number.NaN;
}
