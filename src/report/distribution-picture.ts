// A column's reference and current distribution as a small SVG: the reference filled, the current as a line of steps.
import type { Distribution } from "../monitoring/distribution.ts";

const width = 160;
const height = 36;

/**
 * An SVG of 160 × 36 units with classes `r` (reference) and `c` (current); bars of categories stand in the order of the
 * cells. `label` is its text alternative, already escaped. An empty string without values.
 */
export function renderDistribution(distribution: Distribution, label: string): string {
  const { reference, current } = distribution;
  const most = Math.max(0, ...reference, ...current);
  if (most === 0) return "";
  const scale = (share: number): number => Math.round((share / most) * (height - 2));
  const body =
    distribution.edges === null
      ? renderBars(reference.map(scale), current.map(scale))
      : `<path class="r" d="${traceSteps(reference.map(scale), true)}"/><path class="c" d="${traceSteps(current.map(scale), false)}"/>`;
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${body}</svg>`;
}

/** One path along the tops of the cells, closed at the bottom when it is filled; steps of equal height are joined. */
function traceSteps(heights: readonly number[], filled: boolean): string {
  const parts: string[] = [];
  let level: number | null = null;
  let x = 0;
  heights.forEach((cell, i) => {
    const next = Math.round(((i + 1) * width) / heights.length);
    if (level === null) parts.push(filled ? `M0 ${height}V${height - cell}` : `M0 ${height - cell}`);
    else if (cell !== level) parts.push(`H${x}V${height - cell}`);
    level = cell;
    x = next;
  });
  return `${parts.join("")}H${x}${filled ? `V${height}Z` : ""}`;
}

/** Pairs of bars, reference left. */
function renderBars(reference: readonly number[], current: readonly number[]): string {
  const step = width / reference.length;
  const bar = Math.max(1, Math.floor((step - 1) / 2));
  const trace = (heights: readonly number[], shift: number): string =>
    heights
      .map((cell, i) => (cell === 0 ? "" : `M${Math.round(i * step + shift)} ${height}v-${cell}h${bar}v${cell}z`))
      .join("");
  return `<path class="r" d="${trace(reference, 0)}"/><path class="k" d="${trace(current, bar)}"/>`;
}
