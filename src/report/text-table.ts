// Aligned tables for a terminal.

export type Alignment = "left" | "right";

/** Rows padded to the width of their columns, two spaces between, nothing behind the last; control characters are shown as `?`. */
export function renderTextTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[],
): string {
  const all = [header, ...rows].map((row) => row.map(cleanForTerminal));
  const widths = header.map((_, column) => Math.max(...all.map((row) => measureWidth(row[column] ?? ""))));
  return all
    .map((row) =>
      header
        .map((_, column) => pad(row[column] ?? "", widths[column]!, alignments[column] ?? "left"))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Text from files and models without what would move the cursor or colour the terminal. */
export function cleanForTerminal(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "?");
}

function measureWidth(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number, alignment: Alignment): string {
  const space = " ".repeat(Math.max(0, width - measureWidth(text)));
  return alignment === "right" ? space + text : text + space;
}
