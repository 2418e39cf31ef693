// The number of a gate: its unit, and whether that unit fits the metric.
import type { GateAmount, GateRelation } from "./gate.ts";
import type { MetricDescription, MetricScale } from "./metric-description.ts";
import { failRule, type RuleReader, take, takeNumber } from "./rule-reader.ts";

interface Unit {
  readonly factor: number;
  readonly scales: readonly MetricScale[];
}

const units: ReadonlyMap<string, Unit> = new Map<string, Unit>([
  ["", { factor: 1, scales: ["share", "points", "free", "rows-per-second"] }],
  ["pp", { factor: 0.01, scales: ["share", "points"] }],
  ["us", { factor: 1e-6, scales: ["seconds"] }],
  ["µs", { factor: 1e-6, scales: ["seconds"] }],
  ["ms", { factor: 1e-3, scales: ["seconds"] }],
  ["s", { factor: 1, scales: ["seconds"] }],
  ["min", { factor: 60, scales: ["seconds"] }],
  ["B", { factor: 1, scales: ["bytes"] }],
  ["kB", { factor: 1e3, scales: ["bytes"] }],
  ["MB", { factor: 1e6, scales: ["bytes"] }],
  ["GB", { factor: 1e9, scales: ["bytes"] }],
  ["KiB", { factor: 2 ** 10, scales: ["bytes"] }],
  ["MiB", { factor: 2 ** 20, scales: ["bytes"] }],
  ["GiB", { factor: 2 ** 30, scales: ["bytes"] }],
]);

const expectedUnits: Readonly<Record<MetricScale, string>> = {
  share: "a fraction such as 0.01, points such as 1pp, or 1% of baseline",
  points: "a number such as 0.01, points such as 1pp, or 1% of baseline",
  free: "a number in the metric's own unit, or 1% of baseline",
  seconds: "ms, s or min, or a percentage of the baseline",
  bytes: "B, kB, MB or MiB, or a percentage of the baseline",
  "rows-per-second": "rows per second without a unit, or a percentage of the baseline",
};

/** Reads `0.5pp`, `2% of baseline`, `20 ms` and checks it against the metric and the relation. */
export function readAmount(reader: RuleReader, metric: MetricDescription, relation: GateRelation): GateAmount {
  const start = /^\s*/u.exec(reader.text.slice(reader.position))?.[0].length ?? 0;
  const from = reader.position + start;
  const number = takeNumber(reader);
  if (number === undefined) {
    const expected = isAbsolute(relation) ? "a number such as 0.8" : "a margin such as 0.5pp or 2% of baseline";
    return failRule(reader, "a number is missing", { expected });
  }
  if (!Number.isFinite(number)) failRule(reader, "the number is not finite", { position: from });
  const percent = take(reader, /%/) !== undefined;
  const amount = percent
    ? readPercent(reader, metric, relation, number, from)
    : readWithUnit(reader, metric, number, from);
  const written = reader.text.slice(from, reader.position).trim();
  if (isAbsolute(relation)) checkBound(reader, metric, amount, from);
  else checkMargin(reader, metric, amount, from);
  return { ...amount, written };
}

function isAbsolute(relation: GateRelation): boolean {
  return relation === "at-least" || relation === "at-most";
}

type BareAmount = { readonly kind: "absolute" | "relative"; readonly value: number };

function readPercent(
  reader: RuleReader,
  metric: MetricDescription,
  relation: GateRelation,
  number: number,
  from: number,
): BareAmount {
  const ofBaseline = take(reader, /of\s+baseline\b/) !== undefined;
  if (isAbsolute(relation)) {
    const hint =
      metric.scale === "share" ? `write ${number / 100}` : "use drop, rise or gain to compare with a baseline";
    failRule(reader, "an absolute gate takes no percentage", { position: from, hint });
  }
  if (!ofBaseline && metric.scale === "share")
    failRule(reader, `a bare % is ambiguous, since ${metric.id} lives in [0, 1] itself`, {
      position: from,
      expected: `${number}% of baseline (relative), or ${number}pp (points)`,
    });
  return { kind: "relative", value: number / 100 };
}

function readWithUnit(reader: RuleReader, metric: MetricDescription, number: number, from: number): BareAmount {
  const at = reader.position;
  const word = take(reader, /(?!at\b)[\p{L}µ]+/u) ?? "";
  const unit = units.get(word);
  if (!unit)
    return failRule(reader, `"${word}" is not a unit`, {
      position: at,
      expected: [...units.keys()].slice(1).join(", "),
    });
  if (!unit.scales.includes(metric.scale)) {
    const message = word === "" ? `the number needs a unit for ${metric.id}` : `"${word}" does not fit ${metric.id}`;
    failRule(reader, message, { position: from, expected: expectedUnits[metric.scale] });
  }
  return { kind: "absolute", value: word === "pp" ? number / 100 : number * unit.factor };
}

/** A bound that nothing can break guards nothing, and one that nothing can reach is a slip of the pen. */
function checkBound(reader: RuleReader, metric: MetricDescription, amount: BareAmount, from: number): void {
  if (metric.scale !== "share" || (amount.value >= 0 && amount.value <= 1)) return;
  const written = Number(amount.value.toPrecision(12));
  failRule(reader, `${metric.id} lives in [0, 1], so ${written} says nothing`, {
    position: from,
    expected: "a number between 0 and 1",
    ...(written > 1 && written <= 100 ? { hint: `${written} per cent is ${written / 100}` } : {}),
  });
}

function checkMargin(reader: RuleReader, metric: MetricDescription, amount: BareAmount, from: number): void {
  if (amount.value < 0)
    failRule(reader, "a margin is not negative", { position: from, hint: "drop, rise and gain already say which way" });
  if (amount.kind === "absolute" && metric.scale === "share" && amount.value >= 1)
    failRule(reader, `no change of ${metric.id} reaches this margin: it lives in [0, 1]`, {
      position: from,
      hint: "0.5pp is 0.005",
    });
}
