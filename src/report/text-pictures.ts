// Small pictures made of characters, for cells of tables: they need no image and read the same everywhere.

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const levels = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** A bar of up to ten characters in steps of an eighth; empty for what is not above 0 or too small to see. */
export function renderTextBar(value: number, largest: number): string {
  if (!(value > 0) || !(largest > 0)) return "";
  const steps = Math.round((Math.min(value, largest) / largest) * 80);
  return "█".repeat(Math.floor(steps / 8)) + (eighths[steps % 8] ?? "");
}

/** One character per value between the ends of `range`; a flat range is a line at the bottom. */
export function renderSparkline(values: readonly number[], [low, high]: readonly [number, number]): string {
  return values
    .map((value) => {
      const share = high > low ? (value - low) / (high - low) : 0;
      return levels[Math.min(7, Math.max(0, Math.round(share * 7)))] ?? "▁";
    })
    .join("");
}
