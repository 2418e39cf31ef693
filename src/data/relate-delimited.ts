// CSV and TSV as a relation: names from our own reading of the header, types from the values themselves.
import { InputError } from "../errors.ts";
import { type CsvHeader, readCsvHeader } from "./csv-header.ts";
import type { Engine, SqlRow } from "./engine.ts";
import { firstInexact, renderSpelledDigits } from "./long-numbers.ts";
import type { RawRelation } from "./relate-declared.ts";
import type { DataColumn } from "./scan.ts";
import type { SourceFiles } from "./source-files.ts";
import { quoteIdentifier, quotePath, quoteText, quoteTextList } from "./sql.ts";

const sampleRows = 2048;
/** Columns typed by one query: the engine's planning grows with the square of the number of terms. */
const typedTogether = 64;
const numbersTogether = 256;
/** The reader's buffers are a multiple of the longest line it is told of; hundreds of megabytes for the longest we take. */
const usualLineBytes = 1_048_576;
const longestLineBytes = 16_777_216;
const wrongGuess = "modelgate: type guess";

/** Columns are called c0, c1, … inside the engine, whose names do not tell upper from lower case. */
const inner = (index: number): string => quoteIdentifier(`c${index}`);

/**
 * Relates delimited files. A column is `boolean` when all its values are true or false, `numeric` when all are numbers,
 * `datetime` when all begin with YYYY-MM-DD and are times, else `categorical`; a column without values is numeric.
 * Without `everyRow` types come from the first rows, and the expressions raise a conversion error on the first row
 * that does not fit. Lines may have a megabyte, with `longLines` sixteen. Throws InputError when the files' headers differ.
 */
export async function relateDelimited(
  engine: Engine,
  found: SourceFiles,
  missing: readonly string[],
  reading: {
    readonly everyRow: boolean;
    readonly longLines: boolean;
    readonly keys: readonly string[];
    readonly digits: boolean;
  },
): Promise<RawRelation> {
  const header = await readHeaders(found);
  const asText = header.names.map(() => "VARCHAR");
  const text = renderReader(found, header, missing, asText, reading.longLines);
  const from = reading.everyRow ? text : `(SELECT * FROM ${text} LIMIT ${sampleRows})`;
  const types = await inferTypes(engine, from, header.names.length);
  const asked = reading.digits ? header.names : reading.keys;
  const spelled = new Set<number>();
  for (const index of await findLongKeys(engine, from, header.names, types, asked)) {
    if (reading.keys.includes(header.names[index] ?? "")) types[index] = "categorical";
    else spelled.add(index);
  }
  const columns = header.names.map((name, index): DataColumn => {
    const type = types[index] ?? "categorical";
    const expression = renderExpression(index, type);
    if (type !== "numeric") return { name, type, expression };
    if (spelled.has(index)) return relateSpelled(name, index);
    return asked.includes(name)
      ? { name, type, expression: guardKey(index, expression) }
      : { name, type, expression, withNaN: inner(index) };
  });
  const sqlTypes = types.map((type, index) => (type === "numeric" && !spelled.has(index) ? "DOUBLE" : "VARCHAR"));
  return { relation: renderReader(found, header, missing, sqlTypes, reading.longLines), columns };
}

async function readHeaders(found: SourceFiles): Promise<CsvHeader> {
  const tabs = found.format === "tsv";
  const [first, ...rest] = found.files;
  const header = await readCsvHeader(first, found.gzipped, tabs);
  for (const file of rest) {
    const other = await readCsvHeader(file, found.gzipped, tabs);
    if (JSON.stringify(other) !== JSON.stringify(header)) {
      throw new InputError({
        message: `${file.shown} has another header than ${first.shown}`,
        file: file.shown,
        line: 1,
        expected: header.names.join(header.delimiter),
        received: other.names.join(other.delimiter),
      });
    }
  }
  return header;
}

function renderReader(
  found: SourceFiles,
  header: CsvHeader,
  missing: readonly string[],
  types: readonly string[],
  longLines: boolean,
): string {
  const lineBytes = longLines ? longestLineBytes : usualLineBytes;
  const columns = types.map((type, index) => `'c${index}': '${type}'`).join(", ");
  const files = found.files.map((file) => quotePath(file.path)).join(", ");
  return (
    `read_csv([${files}], auto_detect = false, header = true, strict_mode = true, null_padding = false, ` +
    `delim = ${quoteText(header.delimiter)}, quote = '"', escape = '"', nullstr = ${quoteTextList(missing)}, ` +
    `compression = '${found.gzipped ? "gzip" : "none"}', max_line_size = ${lineBytes}, buffer_size = ${2 * lineBytes}, columns = {${columns}})`
  );
}

type Guess = DataColumn["type"];

async function inferTypes(engine: Engine, from: string, count: number): Promise<Guess[]> {
  const all = Array.from({ length: count }, (_, index) => index);
  if (count <= typedTogether) return inferSome(engine, from, all, ["n", "d", "b", "t"]);
  // Of many columns most are numbers, and two terms for each are planned many times faster than four.
  const types: Guess[] = [];
  for (const some of cut(all, numbersTogether)) types.push(...(await inferSome(engine, from, some, ["n", "d"])));
  const others = all.filter((index) => types[index] !== "numeric");
  for (const some of cut(others, typedTogether)) {
    const found = await inferSome(engine, from, some, ["n", "b", "t"]);
    for (const [at, index] of some.entries()) types[index] = found[at] ?? "categorical";
  }
  return types;
}

function cut(indices: readonly number[], together: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(indices.length / together) }, (_, i) =>
    indices.slice(i * together, (i + 1) * together),
  );
}

/** What is counted of a column: values, numbers, true and false, times. */
const terms = {
  n: (column: string) => `count(${column})`,
  d: (column: string) => `count(TRY_CAST(${column} AS DOUBLE))`,
  b: (column: string) => `count(*) FILTER (lower(${column}) IN ('true', 'false'))`,
  t: (column: string) =>
    `count(*) FILTER (regexp_matches(${column}, '^\\d{4}-\\d\\d-\\d\\d') AND TRY_CAST(${column} AS TIMESTAMPTZ) IS NOT NULL)`,
} as const;
type Term = keyof typeof terms;

/** The types that these terms can tell, `categorical` for others. */
async function inferSome(
  engine: Engine,
  from: string,
  indices: readonly number[],
  asked: readonly Term[],
): Promise<Guess[]> {
  const list = indices.flatMap((index) => asked.map((term) => `${terms[term](inner(index))} AS ${term}${index}`));
  const [row] = await engine.query(`SELECT ${list.join(", ")} FROM ${from}`);
  return indices.map((index) => chooseType(row ?? {}, index, asked));
}

/** Keys whose numbers would run into each other as doubles. */
async function findLongKeys(
  engine: Engine,
  from: string,
  names: readonly string[],
  types: readonly Guess[],
  keys: readonly string[],
): Promise<readonly number[]> {
  const asked = names.flatMap((name, index) => (types[index] === "numeric" && keys.includes(name) ? [index] : []));
  if (asked.length === 0) return [];
  const terms = asked.map(
    (index) => `bool_or(abs(TRY_CAST(${inner(index)} AS DOUBLE)) >= ${firstInexact}) AS k${index}`,
  );
  const [row] = await engine.query(`SELECT ${terms.join(", ")} FROM ${from}`);
  return asked.filter((index) => row?.[`k${index}`] === true);
}

/** Numbers that are read as texts, for the digits that a double does not hold. */
function relateSpelled(name: string, index: number): DataColumn {
  const value = `CAST(${inner(index)} AS DOUBLE)`;
  const expression = `CASE WHEN isnan(${value}) THEN NULL ELSE ${value} END`;
  return { name, type: "numeric", expression, digits: renderSpelledDigits(inner(index)) };
}

/** A long key in a later row proves the guess wrong. */
function guardKey(index: number, expression: string): string {
  return `CASE WHEN abs(${inner(index)}) >= ${firstInexact} THEN error(${quoteText(wrongGuess)}) ELSE ${expression} END`;
}

function chooseType(counts: SqlRow, index: number, asked: readonly Term[]): Guess {
  const values = Number(counts[`n${index}`] ?? 0);
  const all = (term: Term): boolean => asked.includes(term) && Number(counts[`${term}${index}`] ?? 0) === values;
  if (values === 0 || all("d")) return "numeric";
  if (all("b")) return "boolean";
  return all("t") ? "datetime" : "categorical";
}

function renderExpression(index: number, type: Guess): string {
  const column = inner(index);
  if (type === "numeric") return `CASE WHEN isnan(${column}) THEN NULL ELSE ${column} END`;
  if (type === "datetime") return `CAST(CAST(${column} AS TIMESTAMPTZ) AS TIMESTAMP)`;
  if (type === "boolean") {
    return `CASE WHEN lower(${column}) IN ('true', 'false') THEN lower(${column}) WHEN ${column} IS NOT NULL THEN error(${quoteText(wrongGuess)}) END`;
  }
  return column;
}
