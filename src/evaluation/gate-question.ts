// Turns a gate and a baseline value into one question: on which side of a limit does candidate − factor · baseline lie?
import type { MetricDirection } from "./comparison.ts";
import { formatExact, formatValue } from "./format-number.ts";
import type { Gate } from "./gate.ts";
import type { MetricScale } from "./metric-description.ts";

export interface GateQuestion {
  /** 0: absolute gate. 1: plain difference. Else a relative margin as a contrast. */
  readonly factor: number;
  readonly limit: number;
  /** The side of the limit that passes. */
  readonly good: "above" | "below";
  /** Absolute gates: the limit. Margins: what may be lost or must be gained, in the metric's units. */
  readonly threshold: number;
  /** What turns the contrast into a difference candidate − baseline at the baseline's estimate. */
  readonly shift: number;
  readonly resolved: string;
}

const signs = { "at-least": ">=", "at-most": "<=", drop: "drop <=", rise: "rise <=", gain: "gain >=" } as const;

/** `baseline` is ignored by absolute gates and may be null then. A relative margin needs a baseline above 0: the caller checks. */
export function askGate(
  gate: Gate,
  direction: MetricDirection,
  scale: MetricScale,
  baseline: number | null,
): GateQuestion {
  const higher = direction === "higher";
  const good = higher ? "above" : "below";
  const sign = signs[gate.relation];
  const { kind, value, written } = gate.amount;
  if (gate.relation === "at-least" || gate.relation === "at-most") {
    const at = gate.confidence === null ? "" : ` at ${formatExact(gate.confidence * 100)}%`;
    const resolved = `${sign} ${renderAmount(written, value, scale)}${at}`;
    return { factor: 0, limit: value, good, threshold: value, shift: 0, resolved };
  }
  // A loss that is allowed lies on the bad side of the baseline, a gain that is demanded on the good side.
  const towardsGood = (gate.relation === "gain") === higher ? 1 : -1;
  if (kind === "absolute")
    return {
      factor: 1,
      limit: towardsGood * value,
      good,
      threshold: value,
      shift: 0,
      resolved: `${sign} ${renderAmount(written, value, scale)}`,
    };
  const factor = 1 + towardsGood * value;
  const of = baseline === null ? "the baseline" : formatValue(baseline, scale);
  const worked = baseline === null ? "" : ` = ${formatWorked(value * baseline, scale)}`;
  return {
    factor,
    limit: 0,
    good,
    threshold: baseline === null ? Number.NaN : value * baseline,
    shift: baseline === null ? 0 : (factor - 1) * baseline,
    resolved: `${sign} ${formatExact(value * 100)} % of ${of}${worked}`,
  };
}

function renderAmount(written: string, value: number, scale: MetricScale): string {
  if (scale === "seconds" || scale === "bytes") return written;
  const exact = formatExact(value);
  return Number(written) === value ? written : `${written} = ${exact}`;
}

function formatWorked(value: number, scale: MetricScale): string {
  return scale === "seconds" || scale === "bytes"
    ? formatValue(value, scale)
    : formatExact(Number(value.toPrecision(3)));
}
