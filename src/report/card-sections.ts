// The sections of a model card that people write, and which of those that are asked for are missing.

/** A section of a card file: what stands under a heading of the second level. */
export interface CardSection {
  /** The heading in lower case with dashes: `intended-use`. */
  readonly id: string;
  readonly title: string;
  /** Markdown, without comments. */
  readonly text: string;
}

/** Sections that a card has by itself, as soon as somebody measured or recorded what they say. */
export const madeSections = ["data", "metrics", "slices", "lineage", "verify"] as const;

/** Headings that people use for the same thing. */
const synonyms: Readonly<Record<string, string>> = {
  "intended-use": "purpose",
  "intended-uses": "purpose",
  uses: "purpose",
  limitations: "limits",
  "known-limits": "limits",
  "out-of-scope-use": "limits",
};

/** The name that `required` uses for a heading. */
export function nameSection(title: string): string {
  const id = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return synonyms[id] ?? id;
}

/** Sections of a Markdown text in their order; headings inside code fences are none, and a section without text is left out. */
export function readCardSections(markdown: string): readonly CardSection[] {
  const found: { title: string; lines: string[] }[] = [];
  let fence: string | null = null;
  for (const line of markdown.replace(/<!--[\s\S]*?-->/g, "").split(/\r?\n/)) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line)?.[1] ?? null;
    if (mark !== null) fence = fence === null ? mark : line.trim().startsWith(fence) ? null : fence;
    const title = fence === null ? /^ {0,3}##[ \t]+(.+?)[ \t]*#*$/.exec(line)?.[1] : undefined;
    if (title !== undefined) found.push({ title, lines: [] });
    else found.at(-1)?.lines.push(line);
  }
  return found
    .map(({ title, lines }) => ({ id: nameSection(title), title, text: lines.join("\n").trim() }))
    .filter(({ text }) => text !== "");
}

/** Under which headings a rendered card shows the sections it has by itself. */
const madeHeadings: Readonly<Record<string, (typeof madeSections)[number]>> = {
  "how-good-it-is": "metrics",
  training: "lineage",
  "how-to-verify-it": "verify",
};
/** A row of the metrics' table that is of a slice: `roc_auc, plan=basic`. */
const sliceRow = /^\| [^|]+, [^|]+ \|/m;

/** Sections of a card that was published, whether people wrote it whole or it was rendered. */
export function listPublishedSections(card: string): readonly string[] {
  return readCardSections(card).flatMap(({ id, text }) => {
    const made = madeHeadings[id] ?? id;
    return made === "metrics" && sliceRow.test(text) ? [made, "slices"] : [made];
  });
}

/** Those of `required` that are not there, in the order they are asked for. */
export function findMissingSections(required: readonly string[], present: Iterable<string>): readonly string[] {
  const known = new Set(present);
  return required.filter((id) => !known.has(nameSection(id)));
}

/** How to bring the missing sections about. */
export function describeCardRemedy(missing: readonly string[], file: string | null): string {
  const made = missing.filter((id) => (madeSections as readonly string[]).includes(nameSection(id)));
  const written = missing.filter((id) => !made.includes(id));
  const where = file ?? "a Markdown file, named by `card: { file: … }` in the config";
  return [
    written.length > 0 ? `write ${written.map((id) => `\`## ${id}\``).join(", ")} in ${where}` : null,
    made.length > 0
      ? `${made.join(", ")} come from evidence and training run: publish with --evidence and --candidate`
      : null,
  ]
    .filter((line) => line !== null)
    .join("; ");
}
