// Numbers as people read them: as many digits as the interval can bear, a sign on differences, units where there are some.

/** A dash for what could not be computed. */
export const noNumber = "–";

/**
 * Decimals worth showing beside an interval: two digits of its half-width, one if it starts with 7 to 9; between 0 and 6.
 * Without an interval: three significant digits of the value. Zero or non-finite gives 3.
 */
export function chooseDecimals(interval: readonly [number, number] | null, value: number | null): number {
  const spread = interval ? Math.abs(interval[1] - interval[0]) / 2 : 0;
  const measure = Number.isFinite(spread) && spread > 0 ? spread : Math.abs(value ?? 0) / 10;
  if (!Number.isFinite(measure) || measure === 0) return 3;
  const exponent = Math.floor(Math.log10(measure));
  const lead = measure / 10 ** exponent;
  return Math.min(6, Math.max(0, (lead >= 7 && spread > 0 ? 0 : 1) - exponent));
}

/** `0.873`, `48,201`, `−3.1`; never `-0`; `–` for null or a number that is not finite. */
export function renderNumber(value: number | null, decimals: number): string {
  if (value === null || !Number.isFinite(value)) return noNumber;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e12 || (size < 1e-6 && decimals >= 6))) return value.toExponential(2).replace(/-/g, "−");
  const [whole = "0", fraction] = size.toFixed(decimals).split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction === undefined ? "" : `.${fraction}`);
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** As `renderNumber`, with `+` in front of what is above zero after rounding. */
export function renderDifference(value: number | null, decimals: number): string {
  const text = renderNumber(value, decimals);
  return value !== null && value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** `−0.283 … −0.173`, with signs when `signed`. */
export function renderInterval(interval: readonly [number, number], decimals: number, signed: boolean): string {
  const render = signed ? renderDifference : renderNumber;
  return `${render(interval[0], decimals)} … ${render(interval[1], decimals)}`;
}

/** A count with thousands separators. */
export function renderCount(count: number | null): string {
  return renderNumber(count, 0);
}

/** About: two significant digits, `~1,900`. */
export function renderAbout(count: number): string {
  if (!Number.isFinite(count) || count <= 0) return noNumber;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  const rounded = Math.ceil(count / step) * step;
  return rounded >= 1e9 ? "more than a billion" : `~${renderCount(rounded)}`;
}

/** `0.95` as `95 %`, `0.999` as `99.9 %`. */
export function renderPercent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

/** `1 gate`, `2 gates`. */
export function renderPlural(count: number, word: string): string {
  return `${renderCount(count)} ${word}${count === 1 ? "" : "s"}`;
}

export interface Unit {
  readonly symbol: string;
  /** Multiply by it before showing. */
  readonly factor: number;
}

const plain: Unit = { symbol: "", factor: 1 };

/** The unit in which a metric reads well at the size of `value`: latencies (seconds) and sizes (bytes) by their id, else none. */
export function chooseUnit(metric: string, value: number | null): Unit {
  const size = Math.abs(value ?? 0);
  if (metric.startsWith("behaviour(")) return { symbol: " %", factor: 100 };
  if (/^(latency|duration|time)(_|$)|_seconds$/.test(metric)) {
    if (size >= 60) return { symbol: " min", factor: 1 / 60 };
    if (size >= 1) return { symbol: " s", factor: 1 };
    if (size >= 1e-3) return { symbol: " ms", factor: 1e3 };
    return { symbol: " µs", factor: 1e6 };
  }
  if (/^(size|memory|model_size)(_|$)|_bytes$/.test(metric)) {
    if (size >= 1e9) return { symbol: " GB", factor: 1e-9 };
    if (size >= 1e6) return { symbol: " MB", factor: 1e-6 };
    if (size >= 1e3) return { symbol: " kB", factor: 1e-3 };
    return { symbol: " B", factor: 1 };
  }
  return plain;
}
