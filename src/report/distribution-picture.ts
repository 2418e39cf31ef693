// A column's reference and current distribution as a small SVG: the reference filled, the current as a line of steps.
import type { Distribution } from "../monitoring/distribution.ts";
import { renderHtmlText } from "./html.ts";

const width = 160;
const height = 36;
const nameCharacters = 40;

/** What a cell of categories without a name is called; `last` of more than a few is the rest. */
export function nameCell(names: readonly (string | null)[], at: number): string {
  return names[at] ?? (at === names.length - 1 ? "all others" : "a rare category");
}

/**
 * An SVG of 160 × 36 units with classes `r` (reference) and `c` (current); bars of categories stand in the order of the
 * cells, and say their names and shares when pointed at. `label` is its text alternative, plain text. An empty string without values.
 */
export function renderDistribution(distribution: Distribution, label: string, named = true): string {
  const { reference, current, names } = distribution;
  const most = Math.max(0, ...reference, ...current);
  if (most === 0) return "";
  const scale = (share: number): number => Math.round((share / most) * (height - 2));
  const heights = [reference.map(scale), current.map(scale)] as const;
  const body =
    distribution.edges !== null
      ? `<path class="r" d="${traceSteps(heights[0], true)}"/><path class="c" d="${traceSteps(heights[1], false)}"/>`
      : named && names
        ? names
            .map(
              (_, at) =>
                `<g><title>${describeCell(distribution, names, at)}</title>${renderBars(...heights, [at])}</g>`,
            )
            .join("")
        : renderBars(...heights, [...reference.keys()]);
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${renderHtmlText(label, 200)}">${body}</svg>`;
}

function describeCell({ reference, current }: Distribution, names: readonly (string | null)[], at: number): string {
  return `${renderHtmlText(nameCell(names, at), nameCharacters)}: ${percent(reference[at] ?? 0)} → ${percent(current[at] ?? 0)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
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

/** Pairs of bars of the cells `at`, reference left. */
function renderBars(reference: readonly number[], current: readonly number[], at: readonly number[]): string {
  const step = width / reference.length;
  const bar = Math.max(1, Math.floor((step - 1) / 2));
  const trace = (heights: readonly number[], shift: number): string =>
    at
      .map((i) => {
        const cell = heights[i] ?? 0;
        return cell === 0 ? "" : `M${Math.round(i * step + shift)} ${height}v-${cell}h${bar}v${cell}z`;
      })
      .join("");
  return `<path class="r" d="${trace(reference, 0)}"/><path class="k" d="${trace(current, bar)}"/>`;
}
