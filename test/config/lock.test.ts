// modelgate.lock: the same lock is always the same bytes, and what is wrong with one is said like for the config.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Lock, LockedData } from "../../src/config/lock.ts";
import { emptyLock, parseLock, renderLock, withLockedModel } from "../../src/config/parse-lock.ts";

const data: LockedData = {
  source: "data/weather.csv",
  window: { from: "2012-01-01", to: "2013-12-31" },
  sha256: "7a".repeat(32),
  rows: 731,
  columns: ["date", "temp_max", 'a "quoted" name', "ü\n"],
};

describe("a lock", () => {
  it("is written in one way", () => {
    const lock: Lock = { version: 1, models: new Map([["rain", { train: data, evaluation: null }]]) };
    expect(renderLock(lock)).toMatchInlineSnapshot(`
      "{
        "version": 1,
        "models": {
          "rain": {
            "train": {
              "source": "data/weather.csv",
              "window": { "from": "2012-01-01", "to": "2013-12-31" },
              "sha256": "7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a",
              "rows": 731,
              "columns": ["date", "temp_max", "a \\"quoted\\" name", "ü\\n"]
            },
            "evaluation": null
          }
        }
      }
      "
    `);
  });

  it("comes back as it was, its models by name", () => {
    const locked = fc.record({
      source: fc.string({ minLength: 1, maxLength: 50 }).filter((text) => text.trim() !== ""),
      window: fc.oneof(
        fc.constant(null),
        fc.constant({ from: "2012-01-01" }),
        fc.constant({ from: "2012-01-01", to: "2013-01-01T06:00:00Z" }),
      ),
      sha256: fc.constant("ab".repeat(32)),
      rows: fc.nat(),
      columns: fc.array(fc.string({ maxLength: 20 }), { maxLength: 5 }),
    });
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,10}$/).filter((text) => text !== "constructor");
    const entry = fc.tuple(name, fc.record({ train: fc.option(locked), evaluation: fc.option(locked) }));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
        const lock: Lock = { version: 1, models: new Map(entries) };
        const text = renderLock(lock);
        const back = parseLock(text);
        expect(renderLock(back)).toBe(text);
        expect(Object.fromEntries(back.models)).toEqual(Object.fromEntries(lock.models));
        expect(JSON.parse(text).version).toBe(1);
      }),
    );
  });

  it("replaces one model and leaves the others", () => {
    const lock = withLockedModel(withLockedModel(emptyLock, "b", { train: data, evaluation: null }), "a", {
      train: null,
      evaluation: data,
    });
    expect([...parseLock(renderLock(lock)).models.keys()]).toEqual(["a", "b"]);
  });

  it.each<[string, string, RegExp]>([
    ["empty", "", /allowed|missing/],
    ["another version", '{"version":2,"models":{}}', /not allowed/],
    [
      "a digest that is none",
      renderLock(emptyLock).replace(
        "{}",
        '{"m":{"train":{"source":"a","window":null,"sha256":"5e12345","rows":1,"columns":[]},"evaluation":null}}',
      ),
      /not allowed/,
    ],
    [
      "a model twice",
      '{"version":1,"models":{"m":{"train":null,"evaluation":null},"m":{"train":null,"evaluation":null}}}',
      /twice/,
    ],
    ["a key that nobody knows", '{"version":1,"models":{},"modles":{}}', /nobody knows/],
    ["__proto__", '{"version":1,"models":{"__proto__":{"train":null,"evaluation":null}}}', /cannot be used/],
    ["cut off", '{"version":1,"models":{', /YAML/],
  ])("%s is refused", (_, text, message) => {
    expect(() => parseLock(text)).toThrow(message);
  });
});
