// Sends every gate to the rows or numbers it is about; a gate on `*` becomes one per slice.
import { findMetric } from "./catalog.ts";
import { discoverSlices } from "./discover-slices.ts";
import { type Gate, renderSelector } from "./gate.ts";
import { draftGate, type GateDraft } from "./judge-gate.ts";
import type { JudgeRequest } from "./judge-request.ts";
import { draftBenchmarkGate, draftReportedGate } from "./measured-gates.ts";
import { benchmarkMetrics, type MetricDescription } from "./metric-description.ts";
import { type ResolvedMetric, resolveMetric } from "./resolve-metric.ts";
import { createSample, type Sample } from "./sample.ts";
import { expandChoice, expandConditions, type Slice, UnknownSliceColumn } from "./slices.ts";

/** Slices a `*` gate may become; more would spend the error budget on noise. */
export const mostSlices = 200;
const usualMinRows = 30;

/** Drafts of all gates in their order; remarks name slices that were left out. */
export function draftGates(
  request: JudgeRequest,
  whole: Sample,
): { readonly drafts: readonly GateDraft[]; readonly remarks: readonly string[] } {
  const settings = { confidence: request.confidence, firstVersion: request.firstVersion ?? false };
  const samples = new Map<string, Sample>();
  const remarks: string[] = [];
  const sampleOf = (slice: Slice): Sample => {
    const sample = samples.get(slice.id) ?? createSample(request, slice.id, slice.indices);
    samples.set(slice.id, sample);
    return sample;
  };
  const drafts = request.gates.flatMap((gate): readonly GateDraft[] => {
    const measurement = benchmarkMetrics.find(({ id }) => id === gate.metric);
    if (measurement && !request.metrics.some(({ id }) => id === gate.metric))
      return [draftBenchmarkGate(gate, measurement, request.benchmark ?? null, settings)];
    const metric = resolveMetric(gate.metric, gate.parameters, request.metrics);
    if (!metric) return [draftNothing(gate, `the metric "${gate.metric}" is not known`, whole, settings)];
    if (metric.reported !== null) return [draftReportedGate(gate, metric, request.reported ?? null, settings)];
    if (gate.slice === null) return [draftGate(gate, gate.id, metric, whole, settings)];
    const found = findSlices(gate, metric, request);
    if (typeof found === "string") return [draftNothing(gate, found, whole, settings)];
    remarks.push(...found.remarks);
    return found.slices.map((slice) => {
      const id = found.many ? nameSliced(gate, slice.id) : gate.id;
      return draftGate(gate, id, metric, sampleOf(slice), settings);
    });
  });
  return { drafts, remarks };
}

interface FoundSlices {
  readonly slices: readonly Slice[];
  readonly many: boolean;
  readonly remarks: readonly string[];
}

/** The slices of a gate, or the reason why there are none. */
function findSlices(gate: Gate, metric: ResolvedMetric, request: JudgeRequest): FoundSlices | string {
  const { columns, rows } = request.rows;
  const selector = gate.slice!;
  try {
    if (selector.kind === "worst") return searchWorst(gate, metric, request);
    if (selector.kind === "conditions") {
      const many = selector.conditions.some(({ value }) => value === null);
      const slices = expandConditions(columns, rows, selector.conditions);
      return many ? keepLargest(gate, slices, request) : { slices, many: false, remarks: [] };
    }
    const choice = request.slices.find(({ name }) => name === selector.name);
    if (choice === undefined) return `there is no slice named "${selector.name}"`;
    const slices = expandChoice(columns, rows, choice);
    return choice.kind === "where" ? { slices, many: false, remarks: [] } : keepLargest(gate, slices, request);
  } catch (error) {
    if (error instanceof UnknownSliceColumn) return error.message;
    throw error;
  }
}

function searchWorst(gate: Gate, metric: ResolvedMetric, request: JudgeRequest): FoundSlices | string {
  const minRows = gate.minRows ?? request.minRows ?? usualMinRows;
  const { slices, searched, left } = discoverSlices(request, gate, metric, minRows);
  if (slices.length === 0) return `no slice has ${minRows} rows in each half of the data on which it could be measured`;
  const more = left === 0 ? "" : ` (${left} more were not looked at; name the columns in slices)`;
  const remark = `${gate.id}: of ${searched} slices looked at on one half of the rows${more}, the ${slices.length} worst were judged on the other.`;
  return { slices, many: true, remarks: [remark] };
}

function keepLargest(gate: Gate, slices: readonly Slice[], request: JudgeRequest): FoundSlices | string {
  const minRows = gate.minRows ?? request.minRows ?? usualMinRows;
  const large = slices.filter(({ indices }) => indices.length >= minRows);
  const name = renderSelector(gate.slice!);
  if (large.length === 0) return `no slice of ${name} has ${minRows} rows`;
  if (large.length > mostSlices)
    return `${name} has ${large.length} slices, at most ${mostSlices} can be judged together`;
  const left = slices.length - large.length;
  const remark = `${left} of ${slices.length} slices of ${name} have fewer than ${minRows} rows and were not judged.`;
  return { slices: large, many: true, remarks: left > 0 ? [remark] : [] };
}

/** `recall[plan=*] drop` on `plan=basic` is `recall[plan=basic] drop`; an id of one's own gets the slice behind it. */
function nameSliced(gate: Gate, slice: string): string {
  const written = `[${renderSelector(gate.slice!)}]`;
  return gate.id.includes(written) ? gate.id.replace(written, () => `[${slice}]`) : `${gate.id} [${slice}]`;
}

/** A gate that nothing can be measured for: inconclusive, with the reason. */
function draftNothing(
  gate: Gate,
  why: string,
  whole: Sample,
  settings: { confidence: number; firstVersion: boolean },
): GateDraft {
  const description: MetricDescription | undefined = findMetric(gate.metric);
  const metric: ResolvedMetric = {
    name: gate.metric,
    direction: description?.direction ?? "higher",
    scale: description?.scale ?? "free",
    untestable: null,
    undefinedWhen: why,
    reported: null,
    measure: () => {
      throw new Error(why);
    },
  };
  const nothing: Sample = {
    ...whole,
    slice: gate.slice === null ? null : renderSelector(gate.slice),
    rows: 0,
    identical: false,
    hasBaseline: true,
    measure: () => ({ baseline: null, candidate: null, estimate: null, reason: why, units: 0 }),
  };
  return draftGate(gate, gate.id, metric, nothing, settings);
}
