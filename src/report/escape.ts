// The one place where text from a pull request becomes markdown: names, reasons, output of programs.
// After it nothing mentions, links, references, breaks a table, opens a tag or hides: what is shown is inert text.

/** Width of a table cell, generous for a name, too small for an essay. */
const defaultLimitBytes = 300;

/**
 * Text as inert inline markdown, on one line, for prose and table cells alike. Control, bidirectional and invisible characters are
 * dropped, white space becomes a space, the text is cut at `limitBytes` (UTF-8, before escaping, between code points, with `…`),
 * and everything GitHub's markdown gives a meaning to is escaped or broken by a zero-width space; digests become code spans, whole.
 */
export function escapeMarkdown(text: string, limitBytes = defaultLimitBytes): string {
  return (
    cutToBytes(flattenText(text), limitBytes)
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;")
      .replace(/[\\`*[\]!|~]/g, "\\$&")
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
      .replace(/@/g, "@\u200b")
      .replace(/#/g, "\\#\u200b")
      .replace(/\b(GH|gh)-(?=\d)/g, "$1-\u200b")
      .replace(/:(?=\/\/)/g, ":\u200b")
      .replace(/\b(www|WWW)\./g, "$1\u200b.")
      .replace(/\b(mailto|xmpp):/gi, "$1\u200b:")
      // A commit's id would become a link. In a code span it does not, and can be copied; every other backtick is escaped by now.
      .replace(/\b[0-9a-f]{7,}\b/gi, "`$&`")
      .replace(/\$/g, "&#36;")
      .replace(/^(?=[-+](?:\s|$)|[-=]{2}|\d+[.)](?:\s|$))/, "\u200b")
  );
}

/**
 * A name as a code span when its characters allow it (nothing in a code span is a mention or a link), else as escaped text.
 * Safe in table cells. An empty name is shown as the word `(empty)`.
 */
export function renderName(name: string, limitBytes = defaultLimitBytes): string {
  const flat = cutToBytes(flattenText(name), limitBytes);
  if (flat === "") return "(empty)";
  const fits = /^[\p{L}\p{N}_.:;,+=<>()[\]{}"#$~^%@/*?!&' -]+…?$/u.test(flat) && !/<!|-->/.test(flat);
  return fits ? `\`${flat}\`` : escapeMarkdown(flat, limitBytes);
}

/**
 * A sentence as inert inline markdown in which pairs of backticks still mark names: what is between them is rendered by `renderName`,
 * the rest by `escapeMarkdown`; cut as a whole at `limitBytes`.
 */
export function renderProse(text: string, limitBytes = 600): string {
  const pieces = cutToBytes(flattenText(text), limitBytes).split("`");
  return pieces
    .map((piece, index) => {
      const marked = index % 2 === 1 && index < pieces.length - 1;
      if (marked) return renderName(piece, limitBytes);
      const lost = index % 2 === 1 ? "\\`" : "";
      return lost + keepEdges(piece, escapeMarkdown(piece, limitBytes));
    })
    .join("");
}

/** `escapeMarkdown` trims; between two code spans the spaces count. */
function keepEdges(piece: string, escaped: string): string {
  if (escaped === "") return piece === "" ? "" : " ";
  return `${piece.startsWith(" ") ? " " : ""}${escaped}${piece.endsWith(" ") ? " " : ""}`;
}

/**
 * Output of a program as a fenced block: the last `limitBytes` of it, cut at a line where there is one, in a fence longer than any
 * run of backticks inside. Empty text gives an empty string.
 */
export function renderOutput(text: string, limitBytes = 4000): string {
  const clean = dropInvisible(
    text.replace(/\r\n?/g, "\n").replace(/\p{Cc}\[[0-9;?]*[ -/]*[@-~]/gu, ""),
    "\n\t",
  ).trimEnd();
  if (clean.trim() === "") return "";
  const bytes = new TextEncoder().encode(clean);
  const tail = bytes.length <= limitBytes ? clean : dropBrokenStart(bytes.subarray(bytes.length - limitBytes));
  const longest = Math.max(2, ...[...tail.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${tail}\n${fence}`;
}

/** A label inside a mermaid chart: letters, digits and a few signs; anything else becomes `·`. Never empty. */
export function renderChartLabel(text: string, limitCharacters = 24): string {
  const label = flattenText(text)
    .replace(/[^\p{L}\p{N} ._+-]/gu, "·")
    .trim();
  return [...(label || "·")].slice(0, limitCharacters).join("");
}

/** Length in UTF-8. */
export function countBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The longest start of `text` of at most `limitBytes` bytes of UTF-8; if something was cut it ends in `…` (counted). */
export function cutToBytes(text: string, limitBytes: number): string {
  if (text.length * 3 <= limitBytes || countBytes(text) <= limitBytes) return text;
  let used = 3;
  let end = 0;
  for (const character of text) {
    used += countBytes(character);
    if (used > limitBytes) break;
    end += character.length;
  }
  return `${text.slice(0, end)}…`;
}

/** One line of visible characters. */
export function flattenText(text: string): string {
  return dropInvisible(text.slice(0, 100_000).replace(/[\s\u2028\u2029]+/g, " "), "").trim();
}

/** Drops control and format characters (bidirectional marks, zero-width, soft hyphen, tags), lone surrogates, private use; keeps `keep`. */
function dropInvisible(text: string, keep: string): string {
  return text.replace(/[\p{Cs}\p{Cc}\p{Cf}\p{Co}\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufff0-\ufffb]/gu, (character) => {
    return keep.includes(character) ? character : "";
  });
}

function dropBrokenStart(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).replace(/^\ufffd+/, "");
  const newline = text.indexOf("\n");
  return newline >= 0 && newline < text.length - 1 ? `…\n${text.slice(newline + 1)}` : `…${text}`;
}
