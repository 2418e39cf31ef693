// Reads a gate: metric [(params)] [[slice]] relation number [at confidence].
import { InputError, type Problem } from "../errors.ts";
import { findNearestName } from "../nearest-name.ts";
import { metricDescriptions } from "./catalog.ts";
import { type Gate, type GateRelation, type GateSource, renderSelector, type SliceSelector } from "./gate.ts";
import { readAmount } from "./gate-amount.ts";
import {
  benchmarkMetrics,
  type MetricDescription,
  type MetricParameters,
  renderMetricName,
} from "./metric-description.ts";
import {
  createRuleReader,
  failRule,
  findNextCharacter,
  isAtEnd,
  type RuleReader,
  take,
  takeNumber,
  takeQuoted,
} from "./rule-reader.ts";
import { readSliceSelector } from "./slice-expression.ts";

/**
 * Reads one gate, short or long form. `known` are the metrics rules may name: by default every built-in and the benchmark's numbers; pass
 * `[...own, ...knownMetrics]` to add the ones a config defines (the first of an id wins). Throws InputError with the character where the rule stops making sense.
 */
export function parseGate(source: string | GateSource, known: readonly MetricDescription[] = knownMetrics): Gate {
  const long: GateSource = typeof source === "string" ? { rule: source } : source;
  const reader = createRuleReader(long.rule);
  const metric = readMetric(reader, known);
  const parameters = readParameters(reader, metric);
  const slice = findNextCharacter(reader) === "[" ? readSlice(reader, metric) : null;
  const relation = readRelation(reader, metric);
  const amount = readAmount(reader, metric, relation);
  const confidence = readConfidence(reader, metric);
  if (!isAtEnd(reader)) failRule(reader, "something is left over", { expected: 'the end of the rule, or "at 95%"' });
  refuseUntestable(reader, metric, relation, confidence);
  return {
    id: long.id ?? nameGate(metric.id, parameters, slice, relation),
    rule: long.rule.trim(),
    metric: metric.id,
    parameters,
    slice,
    relation,
    amount,
    confidence,
    severity: long.severity ?? "fail",
    inconclusive: long.inconclusive ?? null,
    minRows: checkMinRows(long),
    against: long.against ?? null,
  };
}

/**
 * Reads a metric alone, as lists of metrics name it: `roc_auc`, `f1(average=macro)`. Throws InputError with the character where it
 * stops making sense.
 */
export function parseMetric(
  text: string,
  known: readonly MetricDescription[] = metricDescriptions,
): { readonly metric: MetricDescription; readonly parameters: MetricParameters } {
  const reader = createRuleReader(text);
  const metric = readMetric(reader, known);
  const parameters = readParameters(reader, metric);
  if (!isAtEnd(reader)) failRule(reader, "something is left over", { expected: "a metric, as in f1(average=macro)" });
  return { metric, parameters };
}

/** Every metric that rules may name without a config of their own. */
export const knownMetrics: readonly MetricDescription[] = [...metricDescriptions, ...benchmarkMetrics];

/** Reads all gates of a model: the good ones, and all problems of the others with `key` = `gates[index]`. Ids must differ. */
export function parseGates(
  sources: readonly (string | GateSource)[],
  known: readonly MetricDescription[] = knownMetrics,
): { readonly gates: readonly Gate[]; readonly problems: readonly Problem[] } {
  const gates: Gate[] = [];
  const problems: Problem[] = [];
  sources.forEach((source, index) => {
    try {
      const gate = parseGate(source, known);
      if (gates.some(({ id }) => id === gate.id))
        problems.push({
          key: `gates[${index}]`,
          message: `two gates have the id "${gate.id}"`,
          hint: "give one of them an `id` of its own",
        });
      gates.push(gate);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems.map((problem) => ({ key: `gates[${index}]`, ...problem })));
    }
  });
  return { gates, problems };
}

function readMetric(reader: RuleReader, known: readonly MetricDescription[]): MetricDescription {
  const name = take(reader, /[\p{L}_][\p{L}\p{N}_.-]*/u);
  if (name === undefined) return failRule(reader, "a metric is missing", { expected: "a rule such as roc_auc >= 0.8" });
  const metric = known.find(({ id }) => id === name);
  if (metric) return metric;
  const nearest = findNearestName(
    name,
    known.map(({ id }) => id),
  );
  return failRule(reader, `the metric "${name}" is not known`, {
    position: reader.position - name.length,
    hint: nearest === undefined ? "the reference lists all metrics" : `did you mean ${nearest}?`,
  });
}

function readParameters(reader: RuleReader, metric: MetricDescription): MetricParameters {
  const parameters = new Map<string, string | number>();
  const start = reader.position;
  if (!take(reader, /\(/)) return checkParameters(reader, metric, parameters, start);
  while (!take(reader, /\)/)) {
    if (parameters.size > 0 && !take(reader, /,/))
      failRule(reader, "the parameters are not closed", { expected: '"," or ")"' });
    const name = take(reader, /[\p{L}_][\p{L}\p{N}_-]*/u);
    if (name === undefined || !take(reader, /=/))
      return failRule(reader, "a parameter is missing", { expected: "name=value" });
    const value = takeQuoted(reader) ?? takeParameterNumber(reader) ?? take(reader, /[^\s,()]+/);
    if (value === undefined)
      return failRule(reader, `the parameter "${name}" has no value`, { expected: "name=value" });
    if (parameters.has(name)) failRule(reader, `the parameter "${name}" is given twice`);
    parameters.set(name, value);
  }
  return checkParameters(reader, metric, parameters, start);
}

/** A number only when nothing but a separator follows, so that `by=65plus` stays a word. */
function takeParameterNumber(reader: RuleReader): number | undefined {
  const before = reader.position;
  const number = takeNumber(reader);
  if (number === undefined || /^[\s,)]/u.test(reader.text.slice(reader.position))) return number;
  reader.position = before;
  return undefined;
}

function checkParameters(
  reader: RuleReader,
  metric: MetricDescription,
  parameters: MetricParameters,
  position: number,
): MetricParameters {
  const [problem] = metric.checkParameters(parameters);
  if (problem !== undefined) failRule(reader, `${metric.id}: ${problem}`, { position });
  return parameters;
}

function readSlice(reader: RuleReader, metric: MetricDescription): SliceSelector {
  const isMeasurement = benchmarkMetrics.some(({ id }) => id === metric.id);
  if (isMeasurement) failRule(reader, `${metric.id} is measured over all rows and has no slices`);
  return readSliceSelector(reader);
}

function readRelation(reader: RuleReader, metric: MetricDescription): GateRelation {
  const at = reader.position;
  const word = take(reader, /drop|rise|gain/);
  const symbol = take(reader, /<=|>=|≤|≥|==|=|<|>/)
    ?.replace("≤", "<=")
    .replace("≥", ">=");
  if (symbol !== "<=" && symbol !== ">=")
    return failRule(reader, word === undefined ? "a relation is missing" : `a comparison is missing after "${word}"`, {
      position: symbol === undefined ? reader.position : reader.position - symbol.length,
      expected: word === undefined ? ">=, <=, drop <=, rise <= or gain >=" : word === "gain" ? ">=" : "<=",
    });
  const higher = metric.direction === "higher";
  const good = higher ? "higher is better" : "lower is better";
  if (word === undefined) {
    if ((symbol === ">=") === higher) return higher ? "at-least" : "at-most";
    const fix = higher ? ">=" : "<=";
    return failRule(reader, `"${symbol}" guards ${metric.id} in the harmless direction (${good})`, {
      position: at,
      expected: `${metric.id} ${fix} …`,
    });
  }
  if (word === "gain" ? symbol !== ">=" : symbol !== "<=")
    failRule(reader, `"${word} ${symbol}" asks for harm`, {
      position: at,
      expected: word === "gain" ? "gain >=" : `${word} <=`,
    });
  if ((word === "drop" && !higher) || (word === "rise" && higher))
    failRule(reader, `"${word}" guards ${metric.id} in the harmless direction (${good})`, {
      position: at,
      expected: higher ? "drop <= …, or gain >= …" : "rise <= …, or gain >= …",
    });
  return word as "drop" | "rise" | "gain";
}

function readConfidence(reader: RuleReader, metric: MetricDescription): number | null {
  const at = reader.position;
  if (!take(reader, /at\b/)) return null;
  const number = takeNumber(reader);
  if (number === undefined) return failRule(reader, "a confidence is missing", { expected: "at 95%" });
  const confidence = take(reader, /%/) ? number / 100 : number;
  if (!(confidence > 0.5 && confidence < 1))
    failRule(reader, "a confidence lies between 50% and 100%", { position: at, expected: "at 95%" });
  if (benchmarkMetrics.some(({ id }) => id === metric.id))
    failRule(reader, `${metric.id} is judged by the benchmark's own interval`, { position: at });
  return confidence;
}

function refuseUntestable(
  reader: RuleReader,
  metric: MetricDescription,
  relation: GateRelation,
  confidence: number | null,
): void {
  if (metric.untestable === null) return;
  const absolute = relation === "at-least" || relation === "at-most";
  if (absolute && confidence === null) return;
  failRule(reader, `${metric.id} has no interval that could be trusted: ${metric.untestable}`, { position: 0 });
}

function checkMinRows(source: GateSource): number | null {
  const minRows = source.minRows ?? null;
  if (minRows !== null && !(Number.isInteger(minRows) && minRows >= 1))
    throw new InputError({ message: "min-rows is a whole number of at least 1", received: String(minRows) });
  return minRows;
}

function nameGate(
  metric: string,
  parameters: MetricParameters,
  slice: SliceSelector | null,
  relation: GateRelation,
): string {
  const symbols = { "at-least": ">=", "at-most": "<=", drop: "drop", rise: "rise", gain: "gain" } as const;
  const place = slice === null ? "" : `[${renderSelector(slice)}]`;
  return `${renderMetricName(metric, parameters)}${place} ${symbols[relation]}`;
}
