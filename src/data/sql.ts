// The only place where names and texts become SQL. A column named `"; DROP TABLE x; --` is only a name.

/** A column or table name as SQL. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as an SQL literal. NUL cannot be written in SQL: it never equals a value of a column, so it is taken out. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("\0", "").replaceAll("'", "''")}'`;
}

/** A number as an SQL literal of type DOUBLE, exactly. */
export function quoteNumber(value: number): string {
  return Number.isFinite(value) ? `${String(value)}::DOUBLE` : `'${String(value)}'::DOUBLE`;
}

/** A list of texts as an SQL list literal. */
export function quoteTextList(texts: readonly string[]): string {
  return `[${texts.map(quoteText).join(", ")}]`;
}

/** A path for DuckDB's readers, which take `*`, `?` and `[` for a pattern. */
export function quotePath(path: string): string {
  return quoteText(path.replace(/[*?[]/g, (character) => `[${character}]`));
}
