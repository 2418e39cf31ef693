// Many writers of one model at once, over HTTP and with random crashes: nothing is lost, nothing is there twice.
import { setTimeout as sleep } from "node:timers/promises";
import { promote } from "../src/commands/promote.ts";
import { publish } from "../src/commands/publish.ts";
import { listRegistry } from "../src/commands/registry-list.ts";
import { verify } from "../src/commands/registry-verify.ts";
import { defaultStages } from "../src/config/resolve-stages.ts";
import { ModelgateError } from "../src/errors.ts";
import { startHttpRegistries } from "../test/registry/http-registries.ts";
import { startMemoryRegistry } from "../test/registry/memory-registry.ts";
import { runRandomSchedules } from "../test/registry/random-schedules.ts";
import { type BenchRegistry, startBenchRegistry, writeModelFiles } from "./registry-setup.ts";

type Print = (line: string) => void;

const seed = Number(process.env["BENCH_SEED"] ?? Date.now() % 2 ** 31);

/** 2,000 schedules in memory, 100 over HTTP, 50 publishers and promoters, 10 under GitHub's limit on writes. */
export async function benchRegistryCrowd(print: Print): Promise<void> {
  print(`seed ${seed} (BENCH_SEED repeats it)`);
  await timed(print, "2,000 schedules with crashes in memory", () =>
    runRandomSchedules(startMemoryRegistry, 2000, seed),
  );
  const registries = await startHttpRegistries();
  await timed(print, "100 schedules with crashes over HTTP", () => runRandomSchedules(registries.create, 100, seed));
  await registries.stop();
  await benchWriters(print, 50, null);
  await benchWriters(print, 10, 80);
}

async function timed(print: Print, title: string, work: () => Promise<unknown>): Promise<void> {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1000;
  print(`${title}: hold; ${seconds.toFixed(1)} s, ${((used.user + used.system) / 1e6).toFixed(1)} s of processor`);
}

async function benchWriters(print: Print, count: number, writesPerMinute: number | null): Promise<void> {
  const registry = await startBenchRegistry();
  try {
    if (writesPerMinute !== null) await limitWrites(registry, writesPerMinute);
    const started = performance.now();
    const published = await Promise.all(
      Array.from({ length: count }, (_, index) => publishAndPromote(registry, index)),
    );
    const seconds = (performance.now() - started) / 1000;
    const { document } = await listRegistry("rain", registry.session());
    const versions = document.models[0]?.versions ?? [];
    const checked = await verify(registry.session());
    const distinct = new Set(published.map(({ version }) => version)).size;
    const whole = distinct === count && versions.length === count && checked.exitCode === 0;
    const again = published.reduce((sum, { runs }) => sum + runs - 1, 0);
    const limit = writesPerMinute === null ? "no limit" : `${writesPerMinute} writes a minute`;
    print(
      `${whole ? "" : "! "}${count} publishers who also promote, ${limit}: ${distinct} versions, ${checked.text.split("\n")[0]}; ${seconds.toFixed(1)} s, ${again} run again`,
    );
  } finally {
    await registry.stop();
  }
}

/** As often as it takes, as a workflow that is run again. */
async function publishAndPromote(registry: BenchRegistry, index: number) {
  const files = writeModelFiles(registry, [`bytes of writer ${index}`]);
  const settings = { model: "rain", config: null, root: null, candidate: null, evidence: null, version: null };
  const rest = { files, card: null, profile: null, reason: null, actor: null };
  for (let runs = 1; ; runs += 1) {
    try {
      const { document } = await publish({ ...settings, ...rest }, registry.session(), registry.context);
      const { version } = document;
      const move = {
        model: "rain",
        version,
        stage: "staging",
        reason: null,
        actor: null,
        stages: defaultStages,
        holdout: null,
      };
      await promote(move, registry.session(), registry.context);
      return { version, runs };
    } catch (error) {
      if (!(error instanceof ModelgateError) || error.family !== "provider" || runs >= 10) throw error;
      await sleep(1000);
    }
  }
}

async function limitWrites({ github }: BenchRegistry, writesPerMinute: number): Promise<void> {
  const answer = await fetch(`${github.url}/_local/limits`, {
    method: "POST",
    headers: { authorization: `Bearer ${github.token}`, "content-type": "application/json" },
    body: JSON.stringify({ writesPerMinute }),
  });
  if (!answer.ok) throw new Error(`the limit could not be set: ${answer.status}`);
}
