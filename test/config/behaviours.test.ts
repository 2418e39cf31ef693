// `behaviours` and `explain`: what they resolve to, and what is wrong with them told at its place.
import { describe, expect, it } from "vitest";
import { describeConfigChanges } from "../../src/config/config-diff.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { emptyLock } from "../../src/config/parse-lock.ts";
import { InputError } from "../../src/errors.ts";

const parse = (body: string) => parseConfig(`models: { m: { ${body} } }`, "modelgate.yml").models.get("m")!;

function findProblem(body: string): string {
  try {
    parse(body);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map(({ key, message, expected }) => `${key}: ${message} ${expected ?? ""}`).join("\n");
  }
  return "nothing";
}

describe("behaviours", () => {
  it("are written out with their defaults", () => {
    const [behaviour] = parse(
      "behaviours: [{ id: warmer, kind: directional, where: wind < 4, change: { temp: { add: 5 }, season: { one-of: [a, b] } }, expect: decrease }]",
    ).behaviours;
    expect(behaviour).toEqual({
      id: "warmer",
      kind: "directional",
      where: "wind < 4",
      cases: null,
      changes: [
        { column: "temp", change: { kind: "add", amount: 5 } },
        { column: "season", change: { kind: "one-of", values: ["a", "b"] } },
      ],
      expect: { kind: "decrease" },
      ofClass: null,
      tolerance: null,
      minPass: 0.95,
      severity: "fail",
      mostRows: 1000,
    });
  });

  it.each<[string, string, RegExp]>([
    [
      "an id twice",
      "{ id: a, kind: invariance, change: { x: 1 } }, { id: a, kind: invariance, change: { x: 2 } }",
      /behaviours\[1\]\.id: is there twice/,
    ],
    ["no change", "{ id: a, kind: invariance }", /behaviours\[0\]: says no `change`/],
    ["no direction", "{ id: a, kind: directional, change: { x: 1 } }", /says no direction/],
    [
      "an expectation of an invariance",
      "{ id: a, kind: invariance, change: { x: 1 }, expect: label }",
      /\.expect: has no meaning/,
    ],
    ["nothing expected", "{ id: a, kind: minimum-functionality }", /does not say what is expected/],
    [
      "a direction of minimum functionality",
      "{ id: a, kind: minimum-functionality, expect: increase }",
      /goes with `directional`/,
    ],
    [
      "labels of cases",
      "{ id: a, kind: minimum-functionality, cases: [{ given: { x: 1 } }], expect: label }",
      /cases have no label/,
    ],
    [
      "rows and cases",
      "{ id: a, kind: invariance, where: x > 1, cases: [{ given: { x: 1 } }], change: { x: 2 } }",
      /\.where: chooses evaluation rows/,
    ],
    ["a changed label", "{ id: a, kind: invariance, change: { y: 1 } }", /changes `y`, which the model does not see/],
    [
      "a condition that is none",
      "{ id: a, kind: invariance, where: x >, change: { x: 1 } }",
      /\.where: .*value is missing/,
    ],
    [
      "a class of a binary model",
      "{ id: a, kind: invariance, change: { x: 1 }, class: b }",
      /\.class: goes with `task: multiclass`/,
    ],
    ["a share above 1", "{ id: a, kind: invariance, change: { x: 1 }, min-pass: 95 }", /min-pass.*at most 1/],
    ["an unknown change", "{ id: a, kind: invariance, change: { x: { plus: 1 } } }", /behaviours\[0\]\.change\.x/],
  ])("refuse %s", (_, list, message) => {
    expect(findProblem(`task: binary, label: y, behaviours: [${list}]`)).toMatch(message);
  });

  it("ask whose probability is meant where there are several", () => {
    expect(
      findProblem("task: multiclass, behaviours: [{ id: a, kind: directional, change: { x: 1 }, expect: increase }]"),
    ).toMatch(/whose probability is meant/);
  });

  it("are told to reviewers when a change touches them", () => {
    const side = (body: string) => ({
      config: parseConfig(`models: { m: { ${body} } }`, "modelgate.yml"),
      lock: emptyLock,
    });
    const one = (part: string) => `behaviours: [{ id: a, kind: invariance, change: { x: 1 }${part} }]`;
    const tell = (before: string, after: string) =>
      describeConfigChanges(side(before), side(after))
        .get("m")
        ?.map(({ what, summary }) => `${what}: ${summary}`);
    expect(tell(one(""), one(", min-pass: 0.1"))).toEqual(["gates: The behaviour `a` changes."]);
    expect(tell(one(""), "behaviours: []")).toEqual(["gates: The behaviour `a` is removed."]);
    expect(tell(one(""), one(""))).toBeUndefined();
  });
});

describe("explain", () => {
  it("is on where it is cheap, unless the config says otherwise", () => {
    expect(parse("task: binary").explain).toMatchObject({
      rows: 500,
      shuffles: 5,
      programs: false,
      timeoutSeconds: 60,
    });
    expect(parse("explain: false").explain).toBeNull();
    expect(parse("explain: true").explain).toMatchObject({ rows: 500, programs: true });
    expect(parse("explain: { rows: 100, columns: [a] }").explain).toMatchObject({
      rows: 100,
      columns: ["a"],
      programs: true,
    });
  });

  it.each<[string, RegExp]>([
    ["explain: { metric: roc_auk }", /explain\.metric: .*roc_auk/],
    ["task: regression, explain: { metric: roc_auc }", /not defined for `task: regression`/],
    ["label: y, explain: { columns: [x, y] }", /explain\.columns\[1\]: is `y`/],
    ["explain: { shuffles: 2 }", /at least 5/],
  ])("refuses `%s`", (body, message) => {
    expect(findProblem(body)).toMatch(message);
  });
});
