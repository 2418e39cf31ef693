// What the registry costs on GitHub's meter: requests and bytes of every use case, with few versions and with very many.
import { promote } from "../src/commands/promote.ts";
import { publish } from "../src/commands/publish.ts";
import { readHistory } from "../src/commands/registry-history.ts";
import { listRegistry } from "../src/commands/registry-list.ts";
import { resolve } from "../src/commands/registry-resolve.ts";
import { verify } from "../src/commands/registry-verify.ts";
import { rollback } from "../src/commands/rollback.ts";
import { defaultStages } from "../src/config/resolve-stages.ts";
import { seedRegistry } from "../test/registry/seed-registry.ts";
import { type BenchRegistry, type Cost, startBenchRegistry, writeModelFiles } from "./registry-setup.ts";

type Print = (line: string) => void;

/** Timed use cases are run this often, and their median is told. */
const repetitions = 9;
const versionsOfMany = Number(process.env["BENCH_VERSIONS"] ?? 10_000);
const modelsOfMany = Number(process.env["BENCH_MODELS"] ?? 1_000);

/** Prints costs; lines that begin with `!` say that a promise is not kept. */
export async function benchRegistry(print: Print): Promise<void> {
  await benchPublishing(print);
  const few = await benchScale(print, "10 versions", [{ model: "rain", versions: 10 }], false);
  const many = await benchScale(
    print,
    `${versionsOfMany} versions`,
    [{ model: "rain", versions: versionsOfMany }],
    true,
  );
  comparing(print, few, many, `${versionsOfMany} versions beside 10`);
  const models = Array.from({ length: modelsOfMany }, (_, index) => ({ model: `rain-${index}`, versions: 1 }));
  const wide = await benchScale(
    print,
    `${modelsOfMany} models more`,
    [...models, { model: "rain", versions: 10 }],
    false,
  );
  comparing(print, few, wide, `${modelsOfMany} other models beside none`);
}

const common = { model: "rain", reason: null, actor: null, stages: defaultStages, holdout: null };

async function benchPublishing(print: Print): Promise<void> {
  const registry = await startBenchRegistry();
  try {
    const publishNew = (count: number, mark: string) => publishFiles(registry, count, mark);
    await publishNew(1, "first");
    for (const assets of [1, 3, 10]) {
      // The manifest is one of them.
      const cost = await registry.measure(() => publishNew(Math.max(1, assets - 1), `n ${assets}`));
      const held = Math.max(2, assets);
      tell(print, `publish, ${held} assets with the manifest`, cost, cost.requests <= held + 12, `≤ ${held + 12}`);
    }
    const again = await registry.measure(() => publishNew(1, "first"));
    tell(print, "publish again, the same bytes", again, true);
    for (const version of ["1.0.0", "1.1.0"]) {
      const cost = await registry.measure(() =>
        promote({ ...common, version, stage: "production" }, registry.session(), registry.context),
      );
      tell(print, `promote ${version}`, cost, cost.requests <= 6, "≤ 6");
    }
    const back = await registry.measure(() =>
      rollback({ ...common, config: null, stage: "production", to: null }, registry.session(), registry.context),
    );
    tell(print, "rollback", back, true);
    await benchResolve(print, registry, "production");
  } finally {
    await registry.stop();
  }
}

async function benchResolve(print: Print, registry: BenchRegistry, stage: string): Promise<void> {
  const session = registry.session();
  const read = () => registry.measure(() => resolve(`rain@${stage}`, session));
  const first = await read();
  tell(print, "resolve a stage, first", first, first.requests === 1, "1");
  const { used } = await readBudget(registry);
  const second = await read();
  const spent = (await readBudget(registry)).used - used;
  tell(
    print,
    `resolve a stage, unchanged (quota ${spent})`,
    second,
    second.unchanged === 1 && spent === 0,
    "1, quota 0",
  );
}

async function readBudget({ github }: BenchRegistry): Promise<{ readonly used: number }> {
  const answer = await fetch(`${github.url}/rate_limit`, { headers: { authorization: `Bearer ${github.token}` } });
  const body = (await answer.json()) as { readonly resources: { readonly core: { readonly used: number } } };
  return body.resources.core;
}

async function publishFiles(registry: BenchRegistry, count: number, mark: string): Promise<void> {
  const files = writeModelFiles(
    registry,
    Array.from({ length: count }, (_, index) => `${mark}, file ${index}`),
  );
  const settings = { model: "rain", config: null, root: null, candidate: null, evidence: null, version: null };
  const rest = { card: null, profile: null, reason: null, actor: null };
  await publish({ ...settings, ...rest, files }, registry.session(), registry.context);
}

type Costs = ReadonlyMap<string, Cost>;

async function benchScale(
  print: Print,
  title: string,
  models: readonly { readonly model: string; readonly versions: number }[],
  everything: boolean,
): Promise<Costs> {
  const registry = await startBenchRegistry();
  const costs = new Map<string, Cost>();
  try {
    const started = performance.now();
    const wish = {
      repository: registry.repository,
      models,
      // As many moves of the stage whatever the number of versions: it is their number that is measured.
      promoteEvery: Math.max(1, Math.floor((models.at(-1)?.versions ?? 1) / 10)),
      trees: "last",
      releases: () => true,
    } as const;
    const events = seedRegistry(registry.github, { ...wish, now: () => new Date() });
    print(`${title}: ${events} events, seeded in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    const cost = async (name: string, times: number, work: (round: number) => Promise<unknown>) => {
      const all: Cost[] = [];
      for (let round = 0; round < times; round += 1) all.push(await registry.measure(() => work(round)));
      costs.set(name, median(all));
      tell(print, `  ${name}`, median(all), true);
    };
    const newest = models.at(-1)?.versions ?? 1;
    const move = (version: string) =>
      promote({ ...common, version, stage: "production" }, registry.session(), registry.context);
    await cost("resolve a stage", repetitions, () => resolve("rain@staging", registry.session()));
    await cost("resolve a version", repetitions, () => resolve(`rain@1.${newest - 1}.0`, registry.session()));
    await cost("promote one of the newest", repetitions, (round) => move(`1.${newest - 1 - (round % 2)}.0`));
    await cost("promote the oldest", 3, (round) => move(`1.${round % 2}.0`));
    await cost("publish the next", repetitions, (round) => publishFiles(registry, 1, `more ${round}`));
    await cost("publish again", 3, () => publishFiles(registry, 1, "more 0"));
    await cost("show", 1, () => listRegistry("rain", registry.session()));
    await cost("list", 1, () => listRegistry(null, registry.session()));
    await cost("history", 1, () => readHistory({ model: "rain", at: null }, registry.session()));
    await cost("history, 10 events before the middle", 1, () =>
      readHistory({ model: null, at: null, before: String(Math.floor(events / 2)), limit: 10 }, registry.session()),
    );
    if (everything) await benchVerify(print, registry);
  } finally {
    await registry.stop();
  }
  return costs;
}

async function benchVerify(print: Print, registry: BenchRegistry): Promise<void> {
  const lines: string[] = [];
  const before = process.memoryUsage().rss;
  let text = "";
  const cost = await registry.measure(async () => {
    const outcome = await verify({ ...registry.session(), progress: (line) => void lines.push(line) });
    text = outcome.text.slice(0, 300);
  });
  tell(print, "  verify", cost, text.startsWith("the registry holds"), text);
  const grown = (process.memoryUsage().rss - before) / 2 ** 20;
  print(`    memory +${grown.toFixed(0)} MiB with the server in the same process; ${lines.length} lines of progress`);
}

function median(costs: readonly Cost[]): Cost {
  const middle = (pick: (cost: Cost) => number) =>
    costs.map(pick).sort((a, b) => a - b)[Math.floor((costs.length - 1) / 2)] ?? Number.NaN;
  return {
    requests: middle((cost) => cost.requests),
    unchanged: middle((cost) => cost.unchanged),
    bytes: middle((cost) => cost.bytes),
    milliseconds: middle((cost) => cost.milliseconds),
  };
}

function tell(print: Print, name: string, cost: Cost, kept: boolean, promised?: string): void {
  const facts = `${cost.requests} requests, ${cost.bytes} bytes, ${cost.milliseconds.toFixed(1)} ms`;
  print(`${kept ? "" : "! "}${name.padEnd(44)} ${facts}${promised === undefined ? "" : ` (${promised})`}`);
}

/** Only those of which the cost may not grow. */
function comparing(print: Print, few: Costs, many: Costs, title: string): void {
  print(title);
  for (const name of ["resolve a stage", "resolve a version", "promote one of the newest", "promote the oldest"]) {
    const [before, after] = [few.get(name), many.get(name)];
    if (before === undefined || after === undefined) continue;
    const ratio = (pick: (cost: Cost) => number) => (pick(after) / pick(before)).toFixed(2);
    const kept = after.requests <= before.requests * 1.1 && after.bytes <= before.bytes * 1.1;
    print(
      `${kept ? "" : "! "}  ${name.padEnd(42)} requests × ${ratio((c) => c.requests)}, bytes × ${ratio((c) => c.bytes)}, time × ${ratio((c) => c.milliseconds)}`,
    );
  }
}
