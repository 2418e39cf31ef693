// The history of a long ledger, read in pages, is the history read whole.
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type HistorySettings, readHistory } from "../../src/commands/registry-history.ts";
import { promoteVersion } from "../../src/registry/promote.ts";
import { publishVersion } from "../../src/registry/publish.ts";
import { createMemoryRegistry, createRequest, orderedStages } from "../registry/memory-registry.ts";

const registry = createMemoryRegistry();
const actor = { login: "maria", permission: null, teams: [] };
const start = Date.parse("2026-03-01T00:00:00Z");
/** Forty events on as many moments, some at the same one, of two models that take turns unevenly. */
beforeAll(async () => {
  for (let number = 0; number < 9; number += 1) {
    const model = number % 4 === 1 ? "snow" : "rain";
    registry.clock.now = new Date(start + Math.floor(number / 2) * 20 * 3_600_000);
    const { record } = await publishVersion(registry, { ...createRequest(`bytes ${number}`), model });
    registry.clock.now = new Date(registry.clock.now.getTime() + 3_600_000);
    for (const stage of ["staging", "production"])
      await promoteVersion(registry, {
        model,
        version: record.version,
        stage,
        reason: `number ${number}`,
        actor,
        stages: orderedStages,
      });
  }
});

const none = { model: null, at: null };
const read = async (settings: Partial<HistorySettings>, short: number) =>
  (await readHistory({ ...none, ...settings }, registry, short)).document;

/** Follows what each page says of earlier events. */
async function readPages(settings: Partial<HistorySettings>) {
  const events = [];
  let page = await read(settings, 0);
  const [{ served, stages }, counts] = [page, [page.events.length]];
  for (;;) {
    events.unshift(...page.events);
    if (page.earlier === null) return { events, served, stages, counts };
    page = await read({ ...settings, at: null, before: String(page.earlier) }, 0);
    counts.push(page.events.length);
  }
}

const places = fc.oneof(
  fc.constant(null),
  fc.integer({ min: 1, max: 40 }).map(String),
  fc.integer({ min: -30, max: 130 }).map((hours) => new Date(start + hours * 3_600_000).toISOString()),
  fc.integer({ min: -1, max: 6 }).map((days) => new Date(start + days * 86_400_000).toISOString().slice(0, 10)),
);

describe("a long history in pages", () => {
  it("tells the same events as one read whole, and the same of the stages of a model", async () => {
    const model = fc.constantFrom("rain", "snow", null);
    const limit = fc.integer({ min: 1, max: 12 });
    await fc.assert(
      fc.asyncProperty(model, limit, places, places, fc.boolean(), async (name, count, end, after, asAt) => {
        const settings = { model: name, after, ...(asAt ? { at: end } : { before: end }) };
        const whole = await read(settings, 1000);
        const paged = await readPages({ ...settings, limit: count });
        expect(paged.events).toEqual(whole.events);
        expect(Math.max(...paged.counts)).toBeLessThanOrEqual(count);
        if (name !== null) expect(paged.served).toEqual(whole.served);
        expect((await read({ ...settings, limit: count }, 1000)).events).toEqual(whole.events.slice(-count));
      }),
      { numRuns: 60 },
    );
  });

  it("asks for no more than it shows", async () => {
    const calls = async (settings: Partial<HistorySettings>) => {
      let count = 0;
      const { ledger } = registry;
      const counted = new Proxy(ledger, {
        get: (target, key) => {
          const value: unknown = Reflect.get(target, key, target);
          if (typeof value !== "function") return value;
          return (...given: unknown[]) => {
            count += 1;
            return value.apply(target, given);
          };
        },
      });
      await readHistory({ ...none, ...settings }, { ledger: counted }, 0);
      return count;
    };
    expect(await calls({ limit: 5 })).toBe(2);
    expect(await calls({ limit: 5, model: "rain" })).toBe(7);
    // The day's last event is found by halves among 36.
    expect(await calls({ limit: 5, model: "rain", at: "2026-03-02" })).toBeLessThanOrEqual(7 + 6 + 3);
  });

  it("says how to see what is earlier, and for which models the stages are told", async () => {
    const { text } = await readHistory({ ...none, model: "rain", limit: 2, after: "3" }, registry, 0);
    expect(text.split("\n")[0]).toMatch(/^ +… earlier events: modelgate registry history rain --before \d+ --after 3$/);
    expect(text).toMatch(/rain production: 1\.6\.0 \(since .* by maria; number 8; verdict pass\)/);
    const all = await readHistory(none, registry, 0);
    expect(all.text).toMatch(/told for one model: modelgate registry history MODEL$/);
    expect(all.document).toMatchObject({ earlier: null, stages: {}, served: [] });
  });

  it("refuses two ends, what is no place, and a model that is not there", async () => {
    await expect(read({ at: "2026-03-01", before: "7" }, 0)).rejects.toThrow(/both say where the history ends/);
    await expect(read({ after: "soon" }, 0)).rejects.toThrow(/not a date/);
    for (const short of [0, 1000])
      await expect(read({ model: "hail" }, short)).rejects.toThrow(/the registry holds no model hail/);
  });
});
