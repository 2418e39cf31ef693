// The config: what it resolves to, and that everything wrong with it is reported together, each thing at its place.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse.ts";
import type { ModelSettings } from "../../src/config/settings.ts";
import { InputError, type Problem } from "../../src/errors.ts";

const everything = `# yaml-language-server: $schema=https://example.org/modelgate.schema.json
version: 1
models:
  churn:
    paths: [churn/**]
    model: churn/out/model.onnx
    task: binary
    label: churned
    id: customer_id
    group: customer_id
    features: [age, plan, usage]
    time: day
    decision: { threshold: 0.5, positive: "yes" }
    data:
      source: data/customers.parquet
      evaluation: { from: 2026-01-01 }
      holdout: data/holdout.parquet
      prepare: [dvc, pull, data/customers.parquet.dvc]
    train:
      command: [python, train.py]
      params: { depth: 6 }
      seed: 42
      timeout: 30m
      env: [AWS_ACCESS_KEY_ID]
      setup: [pip, install, -r, requirements.txt]
      when: paths
    predict: { command: [python, predict.py] }
    metrics:
      - roc_auc
      - f1(average=macro)
      - { id: profit, column: profit_eur, aggregate: mean, direction: higher }
      - { id: map50, reported: map50, direction: higher }
    slices: [plan, { name: seniors, where: age >= 65 }]
    baseline: production
    first-version: allow
    confidence: 0.95
    inconclusive: block
    evidence: self-reported
    gates: [roc_auc >= 0.80, roc_auc drop <= 0.5pp, "recall[plan=basic] drop <= 2pp", "profit drop <= 0.1", "recall[seniors] drop <= 2pp", latency_p50 rise <= 5%]
    expect: [{ column: age, between: [0, 120], mostly: 0.999 }]
    stages: [{ name: staging }, { name: production, promotes-from: staging, who: { permission: maintain }, approvals: 1 }]
    monitor: { schedule: "0 6 * * *", predictions: { source: "logs/*.parquet", time: at, version: model_version }, labels: { source: labels.csv, delay: 14d } }
    share: [profile, card]
`;

function parseModel(body: string): ModelSettings {
  const model = parseConfig(`models:\n  m: ${body}\n`, "modelgate.yml").models.get("m");
  if (!model) throw new Error("no model");
  return model;
}

function findProblems(text: string): readonly Problem[] {
  try {
    parseConfig(text, "modelgate.yml");
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems;
  }
}

const problemsOf = (body: string) => findProblems(`models:\n  m: ${body}\n`);

describe("a config", () => {
  it("resolves every key of the documented example", () => {
    const churn = parseConfig(everything, "modelgate.yml").models.get("churn");
    expect(churn).toMatchObject({
      name: "churn",
      paths: ["churn/**"],
      decision: { threshold: 0.5, positive: "yes" },
      data: {
        train: { source: "data/customers.parquet", window: null },
        evaluation: { by: "time", window: { from: "2026-01-01" } },
        holdout: { source: "data/holdout.parquet", window: null },
        prepare: { words: ["dvc", "pull", "data/customers.parquet.dvc"], shell: false },
      },
      train: { trainer: "command", timeoutSeconds: 1800, seed: 42, params: { depth: 6 }, when: { on: "paths" } },
      metrics: [
        { kind: "built-in", id: "roc_auc", params: {} },
        { kind: "built-in", id: "f1", params: { average: "macro" } },
        { kind: "column", id: "profit", column: "profit_eur", aggregate: "mean" },
        { kind: "reported", id: "map50", reported: "map50" },
      ],
      slices: [
        { kind: "columns", name: "plan", columns: ["plan"] },
        { kind: "where", name: "seniors", where: "age >= 65" },
      ],
      stages: [
        { name: "staging", promotesFrom: null, approvals: 0 },
        { name: "production", promotesFrom: "staging", who: { permission: "maintain" }, approvals: 1 },
      ],
      monitor: { labels: { source: "labels.csv", delaySeconds: 14 * 86_400 } },
      share: ["profile", "card"],
    });
    expect(churn?.gates.map(({ id }) => id)).toEqual([
      "roc_auc >=",
      "roc_auc drop",
      "recall[plan=basic] drop",
      "profit drop",
      "recall[seniors] drop",
      "latency_p50 rise",
    ]);
  });

  it("needs no more than a name for a model", () => {
    const [model] = [...parseConfig("models: { m: {} }", "modelgate.yml").models.values()];
    expect(model).toMatchObject({
      paths: ["**"],
      baseline: "production",
      firstVersion: "allow",
      confidence: 0.95,
      inconclusive: "block",
      evidence: "self-reported",
      gates: [],
      stages: [{ name: "staging" }, { name: "production", promotesFrom: null }],
      missingValues: ["", "NA", "NaN", "null", "None"],
    });
    expect(parseConfig("models:\n  m:\n", "modelgate.yml").models.has("m")).toBe(true);
  });

  it("keeps the order of models, and any legal name as data", () => {
    const config = parseConfig("models: { zeta: {}, alpha: {}, 1a.b_c-d: {}, valueof: {} }", "modelgate.yml");
    expect([...config.models.keys()]).toEqual(["zeta", "alpha", "1a.b_c-d", "valueof"]);
  });

  it.each<[string, string, object]>([
    ["evaluation by share", "{ data: { source: a.csv, evaluation: { share: 0.2 } } }", { by: "share", share: 0.2 }],
    [
      "evaluation with its own source",
      "{ data: { source: a.csv, evaluation: b.csv } }",
      { by: "source", source: "b.csv" },
    ],
    ["no evaluation", "{ data: { source: a.csv } }", { by: "none" }],
  ])("%s", (_, body, expected) => {
    expect(parseModel(body).data?.evaluation).toMatchObject(expected);
  });

  it("runs a text only through a shell that was asked for", () => {
    expect(parseModel("{ train: { command: python train.py, shell: true } }").train?.command).toEqual({
      words: ["python train.py"],
      shell: true,
    });
    expect(problemsOf("{ train: { command: python train.py } }")[0]?.hint).toContain("shell: true");
  });
});

describe("everything wrong is reported together", () => {
  const broken = `version: 1.10
models:
  churn:
    lable: churned
    task: binry
    label: y
    features: [y, a]
    data:
      sourc: data/customers.parquet
    train:
      command: [python, train.py]
      timeout: 30 minutes
      env: [GITHUB_TOKEN]
    gates: [roc_auk drop <= 0.5pp, accuracy drop <= 2%, recall rise <= 1pp]
    baseline: prod
    baseline: production
    confidence: .nan
  Bad Name: {}
`;

  it("with line, column, key, and what was meant", () => {
    const shown = findProblems(broken).map(
      ({ line, column, key, message, hint }) => `${line}:${column} ${key}: ${message}${hint ? ` (${hint})` : ""}`,
    );
    expect(shown).toMatchInlineSnapshot(`
      [
        "1:10 version: has a value that is not allowed",
        "4:5 models.churn.lable: is a key that nobody knows (did you mean \`label\`?)",
        "5:11 models.churn.task: has a value that is not allowed",
        "9:7 models.churn.data.sourc: is a key that nobody knows (did you mean \`source\`?)",
        "12:16 models.churn.train.timeout: has a value that is not allowed",
        "13:13 models.churn.train.env[0]: is never handed to a program (use a token of its own under another name, with no more rights than the program needs)",
        "14:13 models.churn.gates[0]: the metric "roc_auk" is not known in the rule "roc_auk drop <= 0.5pp" at character 1 (did you mean roc_auc?)",
        "14:36 models.churn.gates[1]: a bare % is ambiguous, since accuracy lives in [0, 1] itself in the rule "accuracy drop <= 2%" at character 18",
        "14:57 models.churn.gates[2]: "rise" guards recall in the harmless direction (higher is better) in the rule "recall rise <= 1pp" at character 7",
        "15:15 models.churn.baseline: is neither a stage nor a version",
        "16:5 models.churn.baseline: the key is there twice; first in line 15 (remove one of the two)",
        "17:17 models.churn.confidence: has a value that is not allowed",
        "18:3 models.Bad Name: is not a name that can be used",
      ]
    `);
  });

  it("with what was expected and received, as written", () => {
    expect(findProblems("version: 1.10\nmodels: { m: {} }")[0]).toEqual({
      file: "modelgate.yml",
      line: 1,
      column: 10,
      key: "version",
      message: "has a value that is not allowed",
      expected: "1",
      received: "1.10",
    });
  });

  it.each<[string, string, string, RegExp]>([
    [
      "a date no calendar has",
      "{ time: t, data: { source: a.csv, evaluation: { from: 2026-02-30 } } }",
      "models.m.data.evaluation.from",
      /calendar/,
    ],
    [
      "a window that ends before it begins",
      "{ time: t, data: { source: a.csv, evaluation: { from: 2026-02-01, to: 2026-01-01 } } }",
      "models.m.data.evaluation.to",
      /ends before/,
    ],
    [
      "a window without a time column",
      "{ data: { source: a.csv, evaluation: { from: 2026-02-01 } } }",
      "models.m.data.evaluation",
      /no `time` column/,
    ],
    ["two sources of training rows", "{ data: { source: a.csv, train: b.csv } }", "models.m.data.train", /second time/],
    ["a split of nothing", "{ data: { evaluation: { share: 0.2 } } }", "models.m.data.evaluation", /no `source`/],
    ["training said twice", "{ train: { command: [a], trainer: tfjs } }", "models.m.train.trainer", /second time/],
    ["training not said", "{ train: { seed: 1 } }", "models.m.train", /says no program/],
    [
      "a stage that promotes from a later one",
      "{ stages: [{ name: a, promotes-from: b }, { name: b }] }",
      "models.m.stages[0].promotes-from",
      /does not come before/,
    ],
    [
      "a stage that promotes from nowhere",
      "{ stages: [{ name: staging }, { name: b, promotes-from: stagin }] }",
      "models.m.stages[1].promotes-from",
      /does not exist/,
    ],
    ["a stage twice", "{ stages: [{ name: production }, { name: production }] }", "models.m.stages[1].name", /already/],
    [
      "a stage named like a version",
      "{ baseline: 1.0.0, stages: [{ name: 1.0.0 }] }",
      "models.m.stages[0].name",
      /cannot name a stage/,
    ],
    ["a baseline that is no stage", "{ baseline: prodution }", "models.m.baseline", /neither a stage nor a version/],
    ["a metric that nobody knows", "{ metrics: [roc_auk] }", "models.m.metrics[0]", /not known/],
    ["a metric of another task", "{ task: regression, metrics: [roc_auc] }", "models.m.metrics[0]", /not defined for/],
    ["a gate in the harmless direction", "{ gates: [roc_auc rise <= 1pp] }", "models.m.gates[0]", /rise/],
    ["a bare % on a share", "{ gates: [recall drop <= 2%] }", "models.m.gates[0]", /ambiguous/],
    [
      "a gate on a slice that is not defined",
      "{ gates: ['recall[seniors] drop <= 2pp'] }",
      "models.m.gates[0]",
      /does not define/,
    ],
    ["two gates of one id", "{ gates: [roc_auc drop <= 1pp, roc_auc drop <= 2pp] }", "models.m.gates[1]", /same id/],
    [
      "a slice that cannot be read",
      "{ slices: [{ name: x, where: 'age >=' }] }",
      "models.m.slices[0].where",
      /missing/,
    ],
    [
      "an own metric that hides a built-in",
      "{ metrics: [{ id: roc_auc, reported: a, direction: higher }] }",
      "models.m.metrics[0].id",
      /built-in/,
    ],
    [
      "a ratio of one column",
      "{ metrics: [{ id: a, column: a, aggregate: ratio, direction: higher }] }",
      "models.m.metrics[0]",
      /ratio of one/,
    ],
    ["an expectation that expects nothing", "{ expect: [{ column: a }] }", "models.m.expect[0]", /expects nothing/],
    ["a path out of the repository", "{ model: ../model.onnx }", "models.m.model", /not allowed/],
    ["a threshold in words", '{ decision: { threshold: "no" } }', "models.m.decision.threshold", /not allowed/],
    ["infinity", "{ decision: { threshold: .inf } }", "models.m.decision.threshold", /not allowed/],
    [
      "a token for the program",
      "{ predict: { command: [a], env: [ACTIONS_RUNTIME_TOKEN] } }",
      "models.m.predict.env[0]",
      /never handed/,
    ],
    ["the label as an input", "{ label: y, features: [y] }", "models.m.features[0]", /is the label/],
  ])("%s", (_, body, key, message) => {
    const [problem] = problemsOf(body);
    expect(problem?.key).toBe(key);
    expect(problem?.message).toMatch(message);
    expect(problem?.line).toBe(2);
  });

  it.each(["a..b", "a.lock", "a."])("refuses the model name %s, which git could not use", (name) => {
    expect(findProblems(`models: { "${name}": {} }`)[0]?.message).toMatch(/git branch or tag/);
  });

  it("refuses one file for two models", () => {
    expect(findProblems("models: { a: { model: m.onnx }, b: { model: m.onnx } }")[0]?.message).toMatch(
      /of `a` already/,
    );
  });
});
