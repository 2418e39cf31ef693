// The only place where names and texts become ClickHouse's SQL. A column named `"; DROP TABLE x; --` is only a name.

/** A database, table or column name. */
export function quoteName(name: string): string {
  return `"${escapeText(name).replaceAll('"', '\\"')}"`;
}

/** A text as a literal. */
export function quoteLiteral(text: string): string {
  return `'${escapeText(text).replaceAll("'", "\\'")}'`;
}

function escapeText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\0", "\\0");
}

/** Bits of a double as a signed integer, −0 as 0; `value` must be a Float64 that is not NULL. */
export function renderBits(value: string): string {
  return `reinterpretAsInt64(reinterpretAsString(if((${value}) = 0, toFloat64(0), ${value})))`;
}

/** The hash of texts that profiles count by (`categoryHash`): the first eight bytes of MD5, least first, without the last bit. */
export function renderHash(text: string): string {
  return `toInt64(bitShiftRight(reinterpretAsUInt64(substring(MD5(${text}), 1, 8)), 1))`;
}

/** A moment as times are compared here: whole microseconds since 1970. */
export function quoteMicroseconds(milliseconds: number): string {
  return `toInt64(${BigInt(milliseconds) * 1000n})`;
}
