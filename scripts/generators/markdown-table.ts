// A table of a generated page; cells are markdown of our own, only `|` needs care.
import { markdownTable } from "markdown-table";

export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const escapePipes = (cell: string) => cell.replace(/(?<!\\)\|/g, "\\|").replace(/\n/g, " ");
  return markdownTable([[...head], ...rows.map((row) => row.map(escapePipes))], {
    alignDelimiters: false,
    padding: true,
  });
}
