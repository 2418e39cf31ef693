// HTML files that stand alone: no scripts, nothing loaded from anywhere.
import { flattenText } from "./escape.ts";

/** Characters that mean something in HTML, also inside attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Text from data as one line of visible characters, at most `limitCharacters`, escaped. */
export function renderHtmlText(text: string, limitCharacters = 300): string {
  const characters = [...flattenText(text)];
  const cut = characters.length > limitCharacters ? `${characters.slice(0, limitCharacters - 1).join("")}…` : null;
  return escapeHtml(cut ?? characters.join(""));
}

/** A whole page; `title` is text, `style` CSS, `body` HTML. The policy in its head forbids scripts and requests. */
export function renderPage(page: { readonly title: string; readonly style: string; readonly body: string }): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; form-action *\">",
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${renderHtmlText(page.title)}</title>`,
    ...(page.style === "" ? [] : [`<style>${page.style}</style>`]),
    `</head><body>\n${page.body}\n</body></html>`,
    "",
  ].join("\n");
}
