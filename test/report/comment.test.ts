// The comment as people read it: every golden file is one situation of a pull request, reviewed as the product.
import { describe, expect, it } from "vitest";
import { commentLimitBytes, renderComment } from "../../src/report/comment.ts";
import type { ReportContext } from "../../src/report/report-context.ts";
import {
  betterRain,
  comparison,
  context,
  evidence,
  gate,
  goodFlights,
  model,
  notAffected,
  undecidedRain,
  worseRain,
} from "./example-evidence.ts";

const golden = (name: string) => `../golden/comment/${name}.md`;

describe("the comment", () => {
  it("says what got worse, how sure that is, and who is hurt", async () => {
    const of = evidence([worseRain, goodFlights, notAffected("churn")]);
    await expect(renderComment(of, context(of))).toMatchFileSnapshot(golden("worse"));
  });

  it("is short when all is well", async () => {
    const of = evidence([betterRain]);
    const text = renderComment(of, context(of));
    const visible = text.split("<details>")[0]?.replace(/```mermaid[\s\S]*?```/, "(picture)");
    expect(visible?.split("\n").length).toBeLessThan(15);
    await expect(text).toMatchFileSnapshot(golden("better"));
  });

  it("is one line when the change concerns no model", async () => {
    const of = evidence([notAffected("rain"), notAffected("flights")]);
    await expect(renderComment(of, context(of))).toMatchFileSnapshot(golden("not-affected"));
  });

  it("says that nothing changed", async () => {
    const same = gate({
      id: "roc_auc drop",
      rule: "roc_auc drop <= 0.5pp",
      outcome: "pass",
      metric: "roc_auc",
      reason: "the predictions are identical.",
      value: 0.8732,
      baseline: 0.8732,
      difference: 0,
    });
    const of = evidence([model({ model: "rain", comparison: comparison({ unchanged: true, gates: [same] }) })]);
    await expect(renderComment(of, context(of))).toMatchFileSnapshot(golden("unchanged"));
  });

  it("tells a first version from a comparison", async () => {
    const first = model({
      model: "rain",
      verdict: "pass",
      baseline: null,
      firstVersion: true,
      evaluation: {
        kind: "evaluation",
        schemaVersion: 1,
        model: "rain",
        task: "binary",
        rows: 365,
        metrics: [
          {
            metric: "roc_auc",
            slice: null,
            direction: "higher",
            rows: 365,
            value: 0.6451,
            interval: [0.588, 0.702],
            confidence: 0.95,
            reason: null,
          },
        ],
      },
      comparison: comparison({
        gates: [
          gate({
            id: "roc_auc >=",
            rule: "roc_auc >= 0.60",
            outcome: "pass",
            metric: "roc_auc",
            reason: "roc_auc is 0.645, at least 0.6.",
            value: 0.6451,
            threshold: 0.6,
            confidence: null,
          }),
        ],
      }),
    });
    const of = evidence([first]);
    await expect(renderComment(of, context(of))).toMatchFileSnapshot(golden("first-version"));
  });

  it("says of an inconclusive change what would decide it, and that nothing is known to be wrong", async () => {
    const of = evidence([undecidedRain]);
    await expect(renderComment(of, context(of))).toMatchFileSnapshot(golden("inconclusive"));
  });

  it("never calls an inconclusive change safe where the config only warns", async () => {
    const of = evidence([undecidedRain]);
    const text = renderComment(of, context(of, {}, { settings: "inconclusive: warn" }));
    expect(text).toContain("not shown to be safe");
    expect(text).not.toContain("✅ Modelgate");
    await expect(text).toMatchFileSnapshot(golden("inconclusive-warn"));
  });

  it("shows who accepted a gate, and why", async () => {
    const of = evidence([undecidedRain]);
    const acceptances = [
      { model: "rain", gate: "roc_auc drop", by: "maria", reason: "the new sensor replaces this feed" },
    ];
    await expect(renderComment(of, context(of, { acceptances }))).toMatchFileSnapshot(golden("accepted"));
  });

  it("does not believe an acceptance that the evidence claims for itself", () => {
    const claimed = gate({
      id: "roc_auc drop",
      rule: "roc_auc drop <= 0.5pp",
      outcome: "fail",
      metric: "roc_auc",
      accepted: { by: "the-owner", reason: "fine" },
    });
    const of = evidence([model({ model: "rain", comparison: comparison({ verdict: "fail", gates: [claimed] }) })]);
    const text = renderComment(of, context(of));
    expect(text).not.toContain("the-owner");
    expect(text).toContain("❌ fail");
  });

  it("is not green on self-reported evidence from a fork", async () => {
    const of = evidence([betterRain], { isolation: "one-job" });
    const belief = {
      level: "self-reported" as const,
      reasons: ["Training and judging ran in one job, where the code of the change could have written the numbers."],
      changesWorkflows: false,
    };
    const text = renderComment(of, context(of, {}, { belief, fromFork: true }));
    expect(text.split("\n").find((line) => line.startsWith("###"))).not.toContain("✅");
    await expect(text).toMatchFileSnapshot(golden("self-reported"));
  });

  it("says whose config judged, and that changed evaluation data waits for a maintainer", async () => {
    const of = evidence([
      {
        ...betterRain,
        changes: [
          {
            what: "evaluation-data",
            summary: "The evaluation data changes: 12 rows added, 40 removed, 3 relabelled.",
            needsAccept: true,
          },
          {
            what: "gates",
            summary: "The gate `roc_auc drop <= 0.5pp` becomes `roc_auc drop <= 30pp`.",
            needsAccept: false,
          },
        ],
      },
    ]);
    const changes: ReportContext["changes"] = [
      { what: "config", summary: "It changes `.github/modelgate.yml`.", needsAccept: false },
    ];
    await expect(renderComment(of, context(of, { changes }))).toMatchFileSnapshot(golden("config-differs"));
  });

  it("shows the end of the output when training failed", async () => {
    const failed = model({
      model: "rain",
      status: "training-failed",
      candidate: null,
      baseline: null,
      evaluationData: null,
      problem:
        'The training of `rain` ended with exit status 3 after 12 s.\nepoch 1: loss 0.61\nepoch 2: loss nan\nTraceback (most recent call last):\n  File "train.py", line 41, in <module>\nValueError: loss is not a number ```oops```',
    });
    const of = evidence([failed]);
    await expect(renderComment(of, context(of))).toMatchFileSnapshot(golden("training-failed"));
  });

  it("stays readable for forty models: the bad ones first, the good ones folded", async () => {
    const many = Array.from({ length: 40 }, (_, index) => {
      const name = `model-${String(index + 1).padStart(2, "0")}`;
      if (index % 13 === 5) return { ...worseRain, model: name };
      return index % 3 === 0 ? notAffected(name) : { ...goodFlights, model: name };
    });
    const of = evidence(many);
    await expect(renderComment(of, context(of))).toMatchFileSnapshot(golden("forty-models"));
  });

  it("explains evidence about another commit", async () => {
    const of = evidence([betterRain], { headSha: "0".repeat(40) });
    await expect(renderComment(of, context(of))).toMatchFileSnapshot(golden("outdated"));
  });

  it("explains why there is no evidence", async () => {
    const decision = {
      state: "failure" as const,
      obstacles: [
        {
          model: null,
          gate: null,
          state: "failure" as const,
          reason:
            "Training failed, so there is no evidence; its log says why: https://github.com/acme/rain/actions/runs/7012/job/3",
        },
      ],
    };
    await expect(renderComment(null, context(null, { decision }))).toMatchFileSnapshot(golden("no-evidence"));
  });

  it("says when the old evaluation set disagrees", () => {
    const second = comparison({ verdict: "fail", gates: [{ ...worseRain.comparison!.gates[0]! }] });
    const of = evidence([{ ...betterRain, verdict: "fail", secondComparison: second }]);
    expect(renderComment(of, context(of))).toContain("roc_auc (old evaluation set)");
  });

  it("shows hostile names, reasons and notes as inert text", async () => {
    const evil = "| @org/team </details> `#1` <!-- modelgate --> [ok](https://evil.example) \u202e$x$";
    const hostile = gate({
      id: evil,
      rule: `${evil} drop <= 1pp`,
      resolved: evil,
      outcome: "inconclusive",
      metric: evil,
      slice: `${evil}=1`,
      reason: `${evil}\n\n# heading\n- [ ] task`,
      rowsNeeded: Number.MAX_VALUE,
      baseline: -0,
      value: 5e-324,
      difference: -1e300,
      interval: [-1e308, 1e308],
    });
    const of = evidence([
      {
        ...undecidedRain,
        baseline: { version: evil, stage: evil.slice(0, 60), sha256: null },
        comparison: comparison({ verdict: "inconclusive", gates: [hostile] }),
        evaluationData: { source: evil, window: { from: evil.slice(0, 40) }, sha256: "9c".repeat(32), rows: 1 },
        changes: [{ what: "config", summary: evil, needsAccept: false }],
        notes: [evil, `Most hurt: ${evil}`],
        history: [{ version: evil, value: 0.5 }],
        historyMetric: evil,
      },
    ]);
    const text = renderComment(of, context(of));
    expect(text.match(/<!-- modelgate/g)?.length).toBe(1);
    expect(text).not.toMatch(/(?<!`[^`\n]*)@org/);
    expect(text).not.toContain("](https://evil");
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    await expect(text).toMatchFileSnapshot(golden("hostile"));
  });

  it("stays under its limit, with everything closed, whatever comes in", () => {
    const long = "🌧".repeat(200);
    const gates = Array.from({ length: 400 }, (_, index) =>
      gate({
        id: `g${index} ${long}`,
        rule: `recall[${long}=${index}] drop <= 3pp`,
        outcome: index % 2 === 0 ? "fail" : "inconclusive",
        metric: "recall",
        slice: `${long}=${index}`,
        reason: "| </details> ``` ".repeat(100),
        value: 0.5,
        baseline: 0.6,
        difference: -0.1,
        interval: [-0.2, 0],
      }),
    );
    const models = Array.from({ length: 30 }, (_, index) => ({
      ...worseRain,
      model: `m${index}`,
      comparison: comparison({ verdict: "fail", gates }),
    }));
    const text = renderComment(evidence(models), context(evidence(models)));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(commentLimitBytes);
    expect(Buffer.byteLength(text)).toBeGreaterThan(40_000);
    expect(text.match(/<details>/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
    expect((text.match(/^```/gm)?.length ?? 0) % 2).toBe(0);
    expect(text.trimEnd().endsWith("</sub>")).toBe(true);
    expect(text).not.toContain("\ufffd");
  });
});
