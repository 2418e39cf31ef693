// HTML by template: whatever goes in is escaped, unless it is markup already.

export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Markup | string | number | null | undefined | false | readonly Part[];

/** html`<p>${text}</p>`: strings are escaped, lists joined, null, undefined and false are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(strings.map((text, index) => text + render(values[index])).join(""));
}

export function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? "");
}

function render(value: Part): string {
  if (value instanceof Markup) return value.text;
  if (value === null || value === undefined || value === false) return "";
  return typeof value === "object" ? value.map(render).join("") : escapeHtml(String(value));
}
