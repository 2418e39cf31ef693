// Numbers as people read them: no more digits than the interval can bear, a real minus sign, units that fit.
import type { MetricScale } from "./metric-description.ts";

/** `spread` is the half width of the interval, if there is one: the number gets one digit more than it. */
export function formatNumber(value: number, spread: number | null = null): string {
  if (!Number.isFinite(value)) return "no value";
  const size = spread !== null && spread > 0 ? spread : Math.abs(value) / 100;
  const wanted = size > 0 ? 1 - Math.floor(Math.log10(size)) : 0;
  const large = Math.abs(value) >= 1e6 || (Math.abs(value) < 1e-4 && value !== 0);
  const text = large ? formatLarge(value) : groupDigits(value.toFixed(Math.min(6, Math.max(0, wanted))));
  return replaceMinus(text);
}

/** A share or score with three digits, or more where they matter. */
export function formatValue(value: number | null, scale: MetricScale, spread: number | null = null): string {
  if (value === null || !Number.isFinite(value)) return "no value";
  if (scale === "seconds")
    return formatUnit(value, [
      [1, "s"],
      [1e-3, "ms"],
      [1e-6, "µs"],
    ]);
  if (scale === "bytes")
    return formatUnit(value, [
      [1e9, "GB"],
      [1e6, "MB"],
      [1e3, "kB"],
      [1, "B"],
    ]);
  if (scale === "share" || (scale === "points" && Math.abs(value) < 10)) {
    const digits = spread !== null && spread > 0 ? Math.max(3, Math.min(6, 1 - Math.floor(Math.log10(spread)))) : 3;
    return replaceMinus(value.toFixed(digits));
  }
  return formatNumber(value, spread);
}

/** With a sign, also for gains: `+0.012`, `−0.228`. */
export function formatDifference(value: number | null, scale: MetricScale, spread: number | null = null): string {
  const text = formatValue(value, scale, spread);
  return value !== null && value > 0 ? `+${text}` : text;
}

/** `0.05` as it was meant: up to 12 significant digits, nothing after them. */
export function formatExact(value: number): string {
  return replaceMinus(String(Number(value.toPrecision(12))));
}

function formatUnit(value: number, units: readonly (readonly [number, string])[]): string {
  const [factor, unit] = units.find(([size]) => Math.abs(value) >= size) ?? units.at(-1)!;
  const scaled = value / factor;
  const digits = Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2;
  return `${replaceMinus(scaled.toFixed(digits))} ${unit}`;
}

function formatLarge(value: number): string {
  return Math.abs(value) >= 1e6 && Math.abs(value) < 1e12
    ? groupDigits(value.toFixed(0))
    : value.toExponential(2).replace("e+", "e");
}

function groupDigits(text: string): string {
  const [whole = "", fraction] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function replaceMinus(text: string): string {
  return /^-0(?:\.0+)?$/.test(text) ? text.slice(1) : text.replace("-", "−");
}
