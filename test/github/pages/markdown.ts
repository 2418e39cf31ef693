// Markdown as GitHub shows it: tables, task lists, the few HTML tags comments use, mermaid charts; nothing that could run.
import MarkdownIt from "markdown-it";
import { drawChart } from "./chart.ts";
import { escapeHtml, Markup } from "./markup.ts";

/** Tags that pass, always without attributes but `open`; everything else that looks like HTML is shown as text. */
const allowedTag =
  /^<(?:\/(?:details|summary|sub|sup|kbd|b|i|em|strong|code|p|h[1-6]|ul|ol|li|table|thead|tbody|tr|th|td)|(?:details( open)?|summary|sub|sup|kbd|b|i|em|strong|code|p|h[1-6]|ul|ol|li|table|thead|tbody|tr|th|td|br ?\/?|hr ?\/?))>$/i;

const parser = new MarkdownIt({ html: true, linkify: true });
const rules = parser.renderer.rules;

rules.html_inline = (tokens, index) => sanitise(tokens[index]?.content ?? "");
rules.html_block = (tokens, index) => sanitise(tokens[index]?.content ?? "");
// In a comment a line's end is a line's end; in a file it is a space.
rules.softbreak = (_tokens, _index, _options, env: Environment) => (env.keepsLineEnds ? "<br>\n" : "\n");
rules.text = (tokens, index, _options, env: Environment) => linkReferences(tokens[index]?.content ?? "", env.base);

const plainFence = rules.fence;
rules.fence = (tokens, index, options, env, self) => {
  const token = tokens[index];
  const chart = token?.info.trim() === "mermaid" ? drawChart(token.content.trim()) : undefined;
  return chart ?? plainFence?.(tokens, index, options, env, self) ?? "";
};

const openTable = parser.renderer.renderToken.bind(parser.renderer);
rules.table_open = (tokens, index, options) => `<div class="scroll">${openTable(tokens, index, options)}`;
rules.table_close = (tokens, index, options) => `${openTable(tokens, index, options)}</div>`;

interface Environment {
  /** `/owner/name`: where `#12` points. */
  readonly base: string;
  readonly keepsLineEnds: boolean;
}

/** Renders a comment, a body, a summary: what somebody wrote in the repository at `/owner/name`. */
export function renderMarkdown(text: string | null, base: string): Markup {
  return render(text ?? "", { base, keepsLineEnds: true });
}

/** Renders a `.md` file. */
export function renderDocument(text: string, base: string): Markup {
  return render(text, { base, keepsLineEnds: false });
}

function render(text: string, environment: Environment): Markup {
  const ticked = text.replace(
    /^(\s*[-*+] )\[([ xX])\] /gm,
    (_, bullet: string, mark: string) => `${bullet}${mark === " " ? "☐" : "☑"} `,
  );
  return new Markup(`<div class="markdown">${parser.render(ticked, environment)}</div>`);
}

/** Comments vanish, allowed tags stay, the rest is escaped. */
function sanitise(content: string): string {
  return content
    .replace(/<!--[\s\S]*?-->/g, "")
    .split(/(<[^<>]*>)/)
    .map((part) => (allowedTag.test(part) ? part.toLowerCase() : escapeHtml(part)))
    .join("");
}

function linkReferences(text: string, base: string): string {
  return escapeHtml(text).replace(
    /(^|[\s(])#(\d{1,7})\b/g,
    (_, before: string, number: string) => `${before}<a href="${escapeHtml(base)}/issues/${number}">#${number}</a>`,
  );
}
