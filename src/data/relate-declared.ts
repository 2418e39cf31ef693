// Parquet and JSON as a relation: the files (or DuckDB's reading of all their rows) declare the types.
import type { Engine, SqlRow } from "./engine.ts";
import { firstInexact, renderDecimalDigits, renderIntegerDigits, renderSpelledDigits } from "./long-numbers.ts";
import type { DataColumn, Scan } from "./scan.ts";
import type { SourceFiles } from "./source-files.ts";
import { quoteIdentifier, quotePath, quoteText, quoteTextList } from "./sql.ts";

const longTypes = /^(BIGINT|HUGEINT|UBIGINT|UHUGEINT|BIGNUM)$/;

export type RawRelation = Pick<Scan, "relation" | "columns">;

const numericTypes =
  /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|UHUGEINT|BIGNUM|FLOAT|DOUBLE|DECIMAL\(.*\))$/;

/**
 * Relates Parquet or JSON files. Numbers of any width become DOUBLE, dates and timestamps of any unit a UTC timestamp,
 * lists and structs their JSON text. Texts that spell a missing value are missing. A JSON column that mixes numbers
 * with missing values spelled as texts is numeric. `keys` are texts where a number in them is too large for a double;
 * with `digits` so are the digits of any other column.
 */
export async function relateDeclared(
  engine: Engine,
  found: SourceFiles,
  missing: readonly string[],
  reading: { readonly keys: readonly string[]; readonly digits: boolean } = { keys: [], digits: false },
): Promise<RawRelation> {
  const relation = renderReader(found);
  const described = await engine.query(`DESCRIBE SELECT * FROM ${relation}`);
  const columns: DataColumn[] = [];
  for (const row of described) {
    const name = String(row["column_name"]);
    const sqlType = String(row["column_type"]);
    columns.push(
      sqlType === "JSON" ? await relateMixed(engine, relation, name, missing) : relateColumn(name, sqlType, missing),
    );
  }
  const long = await findLongKeys(engine, relation, described, reading.keys);
  // JSON's integers beyond the engine's are doubles like its fractions.
  const spelled =
    reading.digits && found.format !== "parquet"
      ? (
          await findLongKeys(
            engine,
            relation,
            described.filter(({ column_type: type }) => type === "DOUBLE"),
          )
        ).filter((name) => !long.includes(name))
      : [];
  const exact = columns.map((column) => {
    if (long.includes(column.name)) return relateColumn(column.name, "VARCHAR", missing);
    if (spelled.includes(column.name)) return relateSpelled(column.name);
    const { digits, ...rest } = column;
    return reading.digits && digits !== undefined ? column : rest;
  });
  if (long.length + spelled.length === 0) return { relation, columns: exact };
  // Parquet knows its integers; the numbers of JSON are read as they are spelled.
  const types = described.map(({ column_name: name, column_type: type }) => {
    const asText = [...long, ...spelled].includes(String(name)) && found.format !== "parquet";
    return `${quoteText(String(name))}: ${quoteText(asText ? "VARCHAR" : String(type))}`;
  });
  return {
    relation: found.format === "parquet" ? relation : renderReader(found, `columns = {${types.join(", ")}}`),
    columns: exact,
  };
}

/** Numeric columns, of all or of `keys`, with a number that a double cannot tell from the next. */
async function findLongKeys(
  engine: Engine,
  relation: string,
  described: readonly SqlRow[],
  keys?: readonly string[],
): Promise<readonly string[]> {
  const numeric = described.flatMap(({ column_name: name, column_type: type }) =>
    (keys?.includes(String(name)) ?? true) && numericTypes.test(String(type)) ? [String(name)] : [],
  );
  if (numeric.length === 0) return [];
  const terms = numeric.map(
    (name, at) => `bool_or(abs(CAST(${quoteIdentifier(name)} AS DOUBLE)) >= ${firstInexact}) AS k${at}`,
  );
  const [row] = await engine.query(`SELECT ${terms.join(", ")} FROM ${relation}`);
  return numeric.filter((_, at) => row?.[`k${at}`] === true);
}

function renderReader(found: SourceFiles, types = "sample_size = -1, map_inference_threshold = -1"): string {
  const files = found.files.map((file) => quotePath(file.path));
  if (found.format === "parquet") return `read_parquet([${files.join(", ")}])`;
  const layout = found.format === "jsonl" ? "newline_delimited" : "auto";
  const compression = found.gzipped ? "gzip" : "auto_detect";
  return `read_json([${files.join(", ")}], format = '${layout}', records = true, ${types}, compression = '${compression}')`;
}

function relateColumn(name: string, sqlType: string, missing: readonly string[]): DataColumn {
  const column = quoteIdentifier(name);
  if (sqlType === "FLOAT" || sqlType === "DOUBLE") {
    const withNaN = `CAST(${column} AS DOUBLE)`;
    return { name, type: "numeric", expression: `CASE WHEN isnan(${column}) THEN NULL ELSE ${withNaN} END`, withNaN };
  }
  if (numericTypes.test(sqlType)) {
    const number = { name, type: "numeric", expression: `CAST(${column} AS DOUBLE)` } as const;
    if (sqlType.startsWith("DECIMAL")) return { ...number, digits: renderDecimalDigits(column) };
    return longTypes.test(sqlType) ? { ...number, digits: renderIntegerDigits(column) } : number;
  }
  if (sqlType === "BOOLEAN") return { name, type: "boolean", expression: `CAST(${column} AS VARCHAR)` };
  if (sqlType === "DATE" || sqlType.startsWith("TIMESTAMP")) {
    return { name, type: "datetime", expression: `CAST(${column} AS TIMESTAMP)` };
  }
  const nested = /\[|^(STRUCT|MAP|UNION)/.test(sqlType);
  const text = nested ? `CAST(to_json(${column}) AS VARCHAR)` : `CAST(${column} AS VARCHAR)`;
  return { name, type: "categorical", expression: renderWithoutMissing(text, missing) };
}

/** Numbers of JSON, read as they are spelled. */
function relateSpelled(name: string): DataColumn {
  const column = quoteIdentifier(name);
  return { name, type: "numeric", expression: `CAST(${column} AS DOUBLE)`, digits: renderSpelledDigits(column) };
}

/** A JSON column of several types: numeric when every value that is not missing is a number, else its texts. */
async function relateMixed(
  engine: Engine,
  relation: string,
  name: string,
  missing: readonly string[],
): Promise<DataColumn> {
  const text = renderWithoutMissing(`(${quoteIdentifier(name)} ->> '$')`, missing);
  const [row] = await engine.query(
    `SELECT count(v) AS n, count(TRY_CAST(v AS DOUBLE)) AS d FROM (SELECT ${text} AS v FROM ${relation})`,
  );
  return Number(row?.["n"] ?? 0) === Number(row?.["d"] ?? 0)
    ? { name, type: "numeric", expression: `CAST(${text} AS DOUBLE)`, digits: renderSpelledDigits(text) }
    : { name, type: "categorical", expression: text };
}

function renderWithoutMissing(text: string, missing: readonly string[]): string {
  if (missing.length === 0) return text;
  if (missing.length === 1) return `nullif(${text}, ${quoteText(missing[0] ?? "")})`;
  return `CASE WHEN list_contains(${quoteTextList(missing)}, ${text}) THEN NULL ELSE ${text} END`;
}
