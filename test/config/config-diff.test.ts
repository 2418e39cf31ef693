// What a change does to the rules that judge it, in sentences; and which models it concerns.
import { describe, expect, it } from "vitest";
import { findAffectedModels } from "../../src/config/affected.ts";
import { describeConfigChanges, isRetraining, sameValue } from "../../src/config/config-diff.ts";
import type { Lock, LockedData } from "../../src/config/lock.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { emptyLock } from "../../src/config/parse-lock.ts";

const side = (text: string, lock: Lock = emptyLock) => ({ config: parseConfig(text, "modelgate.yml"), lock });
const sentences = (before: ReturnType<typeof side>, after: ReturnType<typeof side>) =>
  [...describeConfigChanges(before, after)].flatMap(([name, changes]) =>
    changes.map(({ what, summary, needsAccept }) => `${name} ${what}${needsAccept ? "!" : ""}: ${summary}`),
  );

const pin = (part: Partial<LockedData> = {}): LockedData => ({
  source: "data/weather.csv",
  window: { from: "2012-01-01", to: "2013-12-31" },
  sha256: "7a".repeat(32),
  rows: 731,
  columns: ["date", "wind"],
  ...part,
});
const lock = (train: LockedData | null, evaluation: LockedData | null): Lock => ({
  version: 1,
  models: new Map([["rain", { train, evaluation }]]),
});

describe("describeConfigChanges", () => {
  const base = "models: { rain: { gates: [roc_auc drop <= 0.5pp, roc_auc >= 0.8] } }";

  it("tells a loosened, a removed, an added and a silenced gate", () => {
    expect(
      sentences(side(base), side("models: { rain: { gates: [roc_auc drop <= 30pp, log_loss rise <= 0.1] } }")),
    ).toEqual([
      "rain gates: The gate `roc_auc >= 0.8` is removed.",
      "rain gates: The gate `roc_auc drop <= 0.5pp` becomes `roc_auc drop <= 30pp`.",
      "rain gates: The gate `log_loss rise <= 0.1` is added.",
    ]);
    const silenced = "models: { rain: { gates: [{ rule: roc_auc drop <= 0.5pp, severity: warn }, roc_auc >= 0.8] } }";
    expect(sentences(side(base), side(silenced))).toEqual([
      "rain gates: The gate `roc_auc drop <= 0.5pp` only warns from now on.",
    ]);
  });

  it("tells other settings that judge, with what they were", () => {
    const after = `models: { rain: { inconclusive: warn, label: y, slices: [season], gates: [roc_auc drop <= 0.5pp, roc_auc >= 0.8] } }`;
    expect(sentences(side(base), side(after))).toEqual([
      "rain config: `label` changes.",
      "rain config: `slices` changes.",
      "rain config: `inconclusive` changes from `block` to `warn`.",
    ]);
  });

  it("is silent about what does not judge, and about the order of keys", () => {
    const before = "models: { rain: { label: y, train: { command: [a], seed: 1 } } }";
    const after = "models: { rain: { train: { seed: 2, command: [b] }, label: y } }";
    expect(sentences(side(before), side(after))).toEqual([]);
  });

  it("tells models that come and go", () => {
    expect(sentences(side("models: { a: {} }"), side("models: { b: {} }"))).toEqual([
      "a config: `a` is removed from the config.",
      "b config: `b` is new in the config; its gates judge from the next change on.",
    ]);
  });

  it("asks for a word when evaluation data moves, but not when a retraining moves windows", () => {
    const text = "models: { rain: {} }";
    const before = side(text, lock(pin(), pin({ window: { from: "2014-01-01" }, rows: 365 })));
    const other = side(text, lock(pin(), pin({ window: { from: "2014-01-01" }, rows: 360, sha256: "0".repeat(64) })));
    expect(sentences(before, other)).toEqual([
      "rain evaluation-data!: The evaluation data changes in `data/weather.csv`: 365 rows become 360.",
    ]);
    const moved = side(
      text,
      lock(
        pin({ window: { from: "2013-01-01", to: "2014-12-31" }, sha256: "1".repeat(64), rows: 730 }),
        pin({ window: { from: "2015-01-01" }, rows: 100 }),
      ),
    );
    expect(isRetraining("rain", before, moved)).toBe(true);
    expect(sentences(before, moved)).toEqual([
      "rain training-window: The training window moves from 2012-01-01 … 2013-12-31 (731 rows) to 2013-01-01 … 2014-12-31 (730 rows).",
      "rain evaluation-data: The evaluation window moves from 2014-01-01 … … (365 rows) to 2015-01-01 … … (100 rows).",
    ]);
  });

  it("does not take a retraining that also loosens a gate, or moves only the evaluation, for one", () => {
    const before = side("models: { rain: {} }", lock(pin(), pin({ rows: 365 })));
    const train = pin({ window: { from: "2013-01-01" }, rows: 800 });
    expect(
      isRetraining("rain", before, side("models: { rain: { inconclusive: warn } }", lock(train, pin({ rows: 365 })))),
    ).toBe(false);
    expect(isRetraining("rain", before, side("models: { rain: {} }", lock(pin(), pin({ rows: 300 }))))).toBe(false);
    expect(
      isRetraining(
        "rain",
        before,
        side("models: { rain: {} }", lock(pin({ source: "other.csv" }), pin({ rows: 365 }))),
      ),
    ).toBe(false);
  });
});

describe("a retraining", () => {
  const train = (to: string) => pin({ window: { from: "2012-01-01", to } });
  const judged = (from: string, to?: string, rows = 365) =>
    pin({ window: to === undefined ? { from } : { from, to }, rows, sha256: "1".repeat(64) });
  const before = side("models: { rain: {} }", lock(train("2013-12-31"), judged("2014-01-01", "2014-12-31")));
  const propose = (trained: LockedData, evaluation: LockedData) =>
    side("models: { rain: {} }", lock(trained, evaluation));

  it("moves forward to rows after both trainings", () => {
    const head = propose(train("2014-12-31"), judged("2015-01-01", "2015-03-31", 90));
    expect(isRetraining("rain", before, head)).toBe(true);
    expect(sentences(before, head).filter((line) => line.includes("!"))).toEqual([]);
  });

  const none = "rain evaluation-data!: ";
  it.each<[string, LockedData, LockedData, RegExp]>([
    ["rows the candidate trained on", train("2015-01-31"), judged("2015-01-01", "2015-03-31"), /not all come after/],
    ["rows the baseline trained on", train("2012-12-31"), judged("2013-01-01", "2014-12-31"), /not all come after/],
    [
      "the last hours of the training, by a zone",
      train("2014-12-31"),
      judged("2015-01-01T00:00:00+14:00", "2015-03-31"),
      /not all come after/,
    ],
    ["an end that is no date", train("2014-99-99"), judged("2015-01-01", "2015-03-31"), /not all come after/],
    ["a training without an end", pin({ window: null }), judged("2015-01-01", "2015-03-31"), /not all come after/],
    [
      "an easy piece of the old rows",
      train("2014-02-28"),
      judged("2014-07-01", "2014-08-31"),
      /end before the old ones/,
    ],
    ["hardly any rows", train("2014-12-31"), judged("2015-01-01", "2015-01-03", 3), /only 3 rows/],
    ["no rows", train("2014-12-31"), judged("2015-01-01", undefined, 0), /only 0 rows/],
  ])("is not one when it judges on %s: that needs a maintainer's word", (_name, trained, evaluation, reason) => {
    const head = propose(trained, evaluation);
    expect(isRetraining("rain", before, head)).toBe(false);
    const waiting = sentences(before, head).filter((line) => line.startsWith(none));
    expect(waiting.join(" ")).toMatch(reason);
  });

  it("a training that reaches into the rows that judge needs a word too, whatever else changes", () => {
    const head = propose(train("2014-06-30"), judged("2014-01-01", "2014-12-31"));
    expect(isRetraining("rain", before, head)).toBe(false);
    const sentence = `${none}The training now reaches into the evaluation rows: what they say of this model is worth little.`;
    expect(sentences(before, head)).toContain(sentence);
    const disguised = side("models: { rain: { train: { command: [a] } } }", head.lock);
    expect(sentences(before, disguised)).toContain(sentence);
  });
});

describe("findAffectedModels", () => {
  const text = "models: { rain: { paths: [rain/**, lib/*.py] }, snow: { paths: [snow/**] }, all: {} }";
  const base = side(text);

  it.each<[readonly string[] | null, readonly string[]]>([
    [["rain/train.py"], ["rain", "all"]],
    [
      ["lib/a.py", "snow/.hidden"],
      ["rain", "snow", "all"],
    ],
    [["lib/deep/a.py"], ["all"]],
    [[], []],
    [null, ["rain", "snow", "all"]],
    [[".github/modelgate.yml"], []],
  ])("%j concerns %j", (paths, expected) => {
    expect(findAffectedModels(base, base, paths)).toEqual(expected);
  });

  it("a change of the config concerns the models it is about", () => {
    const head = side(
      "models: { rain: { paths: [rain/**, lib/*.py] }, snow: { paths: [snow/**], label: y }, all: {}, hail: {} }",
    );
    expect(findAffectedModels(base, head, [".github/modelgate.yml"])).toEqual(["snow", "hail"]);
    expect(findAffectedModels(base, null, [".github/modelgate.yml"])).toEqual(["rain", "snow", "all"]);
  });

  it("a change of the lock concerns the models whose pins move", () => {
    const head = side(text, lock(pin(), null));
    expect(findAffectedModels(base, head, ["modelgate.lock"])).toEqual(["rain"]);
  });
});

it("sameValue knows maps, lists and NaN", () => {
  expect(sameValue(new Map([["a", [1, { b: Number.NaN }]]]), new Map([["a", [1, { b: Number.NaN }]]]))).toBe(true);
  expect(sameValue(new Map([["a", 1]]), { a: 1 })).toBe(false);
  expect(sameValue([1, 2], [2, 1])).toBe(false);
  expect(sameValue({ a: undefined }, {})).toBe(false);
});
