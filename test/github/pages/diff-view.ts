// What a commit or pull request changes, file by file.
import type { FileDifference } from "../git/diff.ts";
import { html, type Markup } from "./markup.ts";

const mostLines = 400;

/** One box per file; long patches are cut, and say so. */
export function showDifferences(files: readonly FileDifference[]): Markup {
  const boxes = files.map((file) => {
    const lines = file.patch?.split("\n") ?? [];
    const shown = lines
      .slice(0, mostLines)
      .map((line) => html`<div class="${kindOf(line)}">${line === "" ? " " : line}</div>`);
    const rest = lines.length - mostLines;
    return html`<details class="box" open><summary class="row"><b class="grow mono">${file.previousPath !== null && `${file.previousPath} → `}${file.path}</b><span class="tag">${file.status}</span><span class="tag green">+${file.additions}</span><span class="tag">−${file.deletions}</span></summary><div class="diff">${shown}${rest > 0 && html`<div class="hunk">${rest} more lines</div>`}</div></details>`;
  });
  return html`${boxes}`;
}

function kindOf(line: string): string {
  if (line.startsWith("@@")) return "hunk";
  return line.startsWith("+") ? "add" : line.startsWith("-") ? "del" : "";
}
