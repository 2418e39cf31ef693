// Draws the charts that appear in comments: mermaid's `xychart-beta` with bars and lines, as SVG in the page.
import { escapeHtml } from "./markup.ts";

interface Chart {
  readonly title: string;
  readonly labels: readonly string[];
  readonly low: number;
  readonly high: number;
  readonly series: readonly { readonly kind: "bar" | "line"; readonly values: readonly number[] }[];
}

const width = 720;
const height = 300;
const left = 56;
const right = 16;
const top = 44;
const bottom = 40;

/** The picture of an `xychart-beta` block; undefined for any other diagram or one that cannot be read. */
export function drawChart(source: string): string | undefined {
  const chart = readChart(source);
  return chart === undefined ? undefined : draw(chart);
}

function readChart(source: string): Chart | undefined {
  const lines = source
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => !line.startsWith("%%"));
  if (!/^xychart(-beta)?\b/.test(lines[0] ?? "")) return undefined;
  const rest = (word: string): string =>
    lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1) ?? "";
  const series = lines.flatMap((line) => {
    const match = /^(bar|line)\s+(?:"[^"]*"\s*)?\[(.*)\]$/.exec(line);
    const values = (match?.[2] ?? "").split(",").map(Number);
    return match === null ? [] : [{ kind: match[1] as "bar" | "line", values }];
  });
  const all = series.flatMap((one) => one.values);
  if (all.length === 0 || all.some((value) => !Number.isFinite(value))) return undefined;
  const range = /(-?[\d.]+)\s*-->\s*(-?[\d.]+)/.exec(rest("y-axis"));
  const labels = [...(/\[(.*)\]/.exec(rest("x-axis"))?.[1] ?? "").matchAll(/"([^"]*)"|([^,"\s][^,]*)/g)];
  return {
    title: rest("title").replace(/^"|"$/g, ""),
    labels: labels.map((match) => (match[1] ?? match[2] ?? "").trim()),
    low: range === null ? Math.min(0, ...all) : Number(range[1]),
    high: range === null ? Math.max(...all) : Number(range[2]),
    series,
  };
}

function draw(chart: Chart): string {
  const count = Math.max(chart.labels.length, ...chart.series.map((one) => one.values.length));
  const step = (width - left - right) / count;
  const x = (index: number): number => left + step * (index + 0.5);
  const y = (value: number): number => {
    const share = (value - chart.low) / (chart.high - chart.low || 1);
    return height - bottom - Math.min(1, Math.max(0, share)) * (height - top - bottom);
  };
  const grid = ticks(chart.low, chart.high).map(
    (value) =>
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${fix(y(value))}" y2="${fix(y(value))}"/>` +
      `<text class="tick" x="${left - 8}" y="${fix(y(value) + 4)}" text-anchor="end">${plain(value)}</text>`,
  );
  const labels = chart.labels.map(
    (label, index) =>
      `<text class="tick" x="${fix(x(index))}" y="${height - bottom + 20}" text-anchor="middle">${escapeHtml(label)}</text>`,
  );
  const drawn = chart.series.map((one) =>
    one.kind === "line"
      ? `<polyline class="line" points="${one.values.map((value, index) => `${fix(x(index))},${fix(y(value))}`).join(" ")}"/>`
      : one.values.map((value, index) => drawBar(value, index, index === count - 1)).join(""),
  );
  const title = escapeHtml(chart.title);
  return `<figure class="chart"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
<text class="title" x="${width / 2}" y="24" text-anchor="middle">${title}</text>
${grid.join("")}${drawn.join("")}${labels.join("")}</svg></figure>`;

  function drawBar(value: number, index: number, isLast: boolean): string {
    const wide = Math.min(step * 0.6, 72);
    const at = y(value);
    return (
      `<rect class="bar${isLast ? " last" : ""}" x="${fix(x(index) - wide / 2)}" y="${fix(at)}" width="${fix(wide)}" height="${fix(height - bottom - at)}" rx="3"/>` +
      `<text class="value" x="${fix(x(index))}" y="${fix(at - 6)}" text-anchor="middle">${plain(value)}</text>`
    );
  }
}

/** Up to six round values inside the axis. */
function ticks(low: number, high: number): readonly number[] {
  const span = high - low || 1;
  const power = 10 ** Math.floor(Math.log10(span / 5));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= 5) ?? power * 10;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, index) => (first + index) * step);
}

function plain(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function fix(value: number): string {
  return value.toFixed(1);
}
