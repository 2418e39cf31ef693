// Markdown as blocks that know how to become shorter: a limit in bytes cuts between rows and blocks, never inside a fence or a fold.
import { countBytes } from "./escape.ts";

export type Block =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "table";
      readonly head: readonly string[];
      /** Markdown of the separator cells: `:--`, `--:`. */
      readonly align: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: "fold"; readonly summary: string; readonly blocks: readonly Block[] };

/** What is said where something was cut. */
const leftOut = "_Left out for length; the evidence of the workflow run has everything._";

export function textBlock(text: string): Block {
  return { kind: "text", text };
}

export function tableBlock(
  head: readonly string[],
  align: readonly string[],
  rows: readonly (readonly string[])[],
): Block {
  return { kind: "table", head, align, rows };
}

export function foldBlock(summary: string, blocks: readonly Block[]): Block {
  return { kind: "fold", summary, blocks };
}

/**
 * Blocks one after the other, a blank line between, in at most `limitBytes` bytes of UTF-8. What does not fit is cut:
 * tables between rows (saying how many are missing), text and later blocks whole, with a remark. Empty blocks vanish.
 */
export function renderBlocks(blocks: readonly Block[], limitBytes: number): string {
  const parts: string[] = [];
  let left = limitBytes;
  const remark = countBytes(leftOut) + 2;
  for (const [index, block] of blocks.entries()) {
    const isLast = index === blocks.length - 1;
    const room = left - (isLast ? 0 : remark) - (parts.length > 0 ? 2 : 0);
    const text = renderBlock(block, room);
    if (text === "") continue;
    if (text === undefined) {
      if (left >= remark) parts.push(leftOut);
      return parts.join("\n\n");
    }
    left -= countBytes(text) + (parts.length > 0 ? 2 : 0);
    parts.push(text);
  }
  return parts.join("\n\n");
}

/** Undefined when not even the shortest form fits. */
function renderBlock(block: Block, limitBytes: number): string | undefined {
  switch (block.kind) {
    case "text":
      return countBytes(block.text) <= limitBytes ? block.text : undefined;
    case "table":
      return renderTable(block, limitBytes);
    case "fold": {
      const before = `<details><summary>${block.summary}</summary>\n\n`;
      const after = "\n\n</details>";
      const room = limitBytes - countBytes(before) - countBytes(after);
      if (room < countBytes(leftOut)) return undefined;
      const inner = renderBlocks(block.blocks, room);
      return inner === "" ? "" : `${before}${inner}${after}`;
    }
  }
}

function renderTable(table: Extract<Block, { kind: "table" }>, limitBytes: number): string | undefined {
  if (table.rows.length === 0) return "";
  const head = `${renderRow(table.head)}\n${renderRow(table.align)}`;
  const rows = table.rows.map(renderRow);
  const whole = [head, ...rows].join("\n");
  if (countBytes(whole) <= limitBytes) return whole;
  const closing = (missing: number) => renderRow([`… ${missing} more`, ...table.head.slice(1).map(() => "")]);
  let used = countBytes(head) + countBytes(closing(rows.length)) + 2;
  let fitting = 0;
  for (const row of rows) {
    used += countBytes(row) + 1;
    if (used > limitBytes) break;
    fitting += 1;
  }
  if (fitting === 0) return undefined;
  return [head, ...rows.slice(0, fitting), closing(rows.length - fitting)].join("\n");
}

function renderRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
