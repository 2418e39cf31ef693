// What people read of explanations and behaviours: in the comment, in its details, in the model card.
import { describe, expect, it } from "vitest";
import { createBehaviourGate } from "../../src/evaluation/behaviours/behaviour-gates.ts";
import { commentLimitBytes, renderComment } from "../../src/report/comment.ts";
import { countBytes } from "../../src/report/escape.ts";
import { renderModelCard } from "../../src/report/model-card.ts";
import { renderSparkline, renderTextBar } from "../../src/report/text-pictures.ts";
import { comparison, context, evidence, model, type worseRain } from "./example-evidence.ts";
import { behaviours, explanation } from "./example-explanation.ts";

const evaluation = {
  kind: "evaluation",
  schemaVersion: 1,
  model: "rain",
  task: "binary",
  rows: 365,
  metrics: [],
} as const;
const gates = behaviours.map((one) => createBehaviourGate(one, 0.95)) as NonNullable<
  typeof worseRain.comparison
>["gates"];

const explained = model({
  model: "rain",
  verdict: "fail",
  comparison: comparison({ verdict: "fail", gates }),
  evaluation: { ...evaluation, metrics: [], explanation, behaviours },
});

describe("the comment", () => {
  it("says what the model looks at and how it behaves", async () => {
    const of = evidence([explained]);
    await expect(renderComment(of, context(of))).toMatchFileSnapshot("../golden/comment/explained.md");
  });

  it("says why a model is not explained, in the details", () => {
    const reason = "a predictions file cannot be asked again";
    const silent = { ...explanation, reason, importances: [], dependence: [], shapley: null, changes: [] };
    const of = evidence([
      model({
        model: "rain",
        comparison: comparison({}),
        evaluation: { ...evaluation, metrics: [], explanation: silent },
      }),
    ]);
    const text = renderComment(of, context(of));
    expect(text).toContain("Not explained: a predictions file cannot be asked again.");
    expect(text).not.toContain("What the model looks at");
  });

  it("says so when parts do not add up", () => {
    const shapley = { ...explanation.shapley!, addsUp: false, largestError: { baseline: null, candidate: 0.25 } };
    const of = evidence([
      model({
        model: "rain",
        comparison: comparison({}),
        evaluation: { ...evaluation, metrics: [], explanation: { ...explanation, shapley } },
      }),
    ]);
    expect(renderComment(of, context(of))).toContain("**the parts do not add up** (largest error 3e−1)");
  });

  it("shows hostile names as inert text, within the limit", () => {
    const bad = "| @org/team </details><img src=x> ![a](b) [link](http://evil) $x$";
    const many = Array.from({ length: 250 }, (_, at) => ({ ...explanation.importances[0]!, column: `${bad} ${at}` }));
    const hostile = {
      ...explanation,
      metric: bad,
      output: bad,
      importances: many,
      changes: [bad],
      remarks: [bad],
      shapley: { ...explanation.shapley!, columns: many.map(({ column }) => ({ column, baseline: 1, candidate: 2 })) },
      dependence: many.map(({ column }) => ({
        column,
        points: [
          { value: bad, baseline: 1, candidate: 2 },
          { value: bad, baseline: 2, candidate: 3 },
        ],
      })),
    };
    const [first] = behaviours;
    const behaving = [{ ...first!, id: bad, reason: bad, failing: [{ name: bad, given: { [bad]: bad }, what: bad }] }];
    const models = Array.from({ length: 40 }, (_, at) =>
      model({
        model: `m${at}`,
        verdict: "fail",
        comparison: comparison({ verdict: "fail", gates }),
        evaluation: { ...evaluation, metrics: [], explanation: hostile, behaviours: behaving },
      }),
    );
    const of = evidence(models);
    const text = renderComment(of, context(of));
    expect(countBytes(text)).toBeLessThanOrEqual(commentLimitBytes);
    const prose = text.replace(/`[^`\n]*`/g, "");
    expect(prose).not.toMatch(/@org|<img|\]\(http:\/\/evil|[^\\]!\[/);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });
});

describe("the model card", () => {
  it("carries the version's importances and behaviours", () => {
    const text = renderModelCard({
      name: "rain",
      version: "1.2.0",
      settings: null,
      evidence: explained,
      runRecord: null,
    });
    expect(text).toContain("## What it looks at");
    expect(text).toMatch(/\| `temp_max` \| 0\.196 █+ \| 0\.131 … 0\.255 \|/);
    expect(text).toContain("| `temp_min` | not used | – |");
    expect(text).toContain("## How it behaves");
  });
});

describe("pictures of characters", () => {
  it("fill up to ten characters in eighths", () => {
    expect([1, 0.55, 0.05, 0.001, 0, -1].map((value) => renderTextBar(value, 1))).toEqual([
      "██████████",
      "█████▌",
      "▌",
      "",
      "",
      "",
    ]);
  });

  it("rise from the lowest to the highest", () => {
    expect(renderSparkline([0, 0.5, 1], [0, 1])).toBe("▁▅█");
    expect(renderSparkline([3, 3], [3, 3])).toBe("▁▁");
  });
});
