// The state of the local GitHub: tables in memory, every change appended to one journal file. Started again, the journal is
// replayed and written anew without what was replaced.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/** Every row has an id that is unique in the whole database and never used again. */
export interface Row {
  readonly id: number;
}

/** One kind of thing. Rows are values: `update` puts a changed copy in place of the old one. */
export interface Table<R extends Row> {
  readonly get: (id: number) => R | undefined;
  /** Rows in the order in which they were inserted. */
  readonly all: () => R[];
  /** Rows whose group key (given when the table was opened) is `key`, in order of insertion. */
  readonly group: (key: string | number) => R[];
  readonly find: (matches: (row: R) => boolean) => R | undefined;
  readonly insert: (row: Omit<R, "id"> & { readonly id?: number }) => R;
  /** Throws when there is no such row. */
  readonly update: (id: number, change: Partial<Omit<R, "id">>) => R;
  readonly remove: (id: number) => void;
}

export interface Database {
  /** Opens a table; a second call with the same name must name the same grouping. */
  readonly table: <R extends Row>(name: string, groupBy?: (row: R) => string | number) => Table<R>;
  readonly nextId: () => number;
  readonly close: () => void;
}

interface Entry {
  readonly table: string;
  readonly id: number;
  /** null: the row was removed. */
  readonly row: Row | null;
}

/** Opens (or makes) the state below `folder`; a last line that was cut off by a crash is ignored. */
export function openDatabase(folder: string): Database {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "state.jsonl");
  const { rows, lastId } = replay(file);
  compact(file, rows, lastId);
  const descriptor = openSync(file, "a");
  const tables = new Map<string, Table<Row>>();
  let sequence = lastId;
  let closed = false;

  function append(entry: Entry): void {
    if (closed) return;
    writeSync(descriptor, `${JSON.stringify(entry)}\n`);
  }
  function nextId(): number {
    sequence += 1;
    return sequence;
  }
  function table<R extends Row>(name: string, groupBy?: (row: R) => string | number): Table<R> {
    const known = tables.get(name);
    if (known !== undefined) return known as unknown as Table<R>;
    const stored = (rows.get(name) ?? new Map()) as Map<number, R>;
    const made = createTable<R>(name, stored, groupBy, nextId, append);
    tables.set(name, made as unknown as Table<Row>);
    return made;
  }
  return {
    table,
    nextId,
    close: () => {
      if (!closed) closeSync(descriptor);
      closed = true;
    },
  };
}

function createTable<R extends Row>(
  name: string,
  rows: Map<number, R>,
  groupBy: ((row: R) => string | number) | undefined,
  nextId: () => number,
  append: (entry: Entry) => void,
): Table<R> {
  const groups = new Map<string | number, Map<number, R>>();
  for (const row of rows.values()) place(row);

  function place(row: R): void {
    if (groupBy === undefined) return;
    const key = groupBy(row);
    const members = groups.get(key) ?? new Map<number, R>();
    members.set(row.id, row);
    groups.set(key, members);
  }
  function displace(row: R): void {
    if (groupBy !== undefined) groups.get(groupBy(row))?.delete(row.id);
  }
  function put(row: R): R {
    const before = rows.get(row.id);
    if (before !== undefined && groupBy !== undefined && groupBy(before) !== groupBy(row)) displace(before);
    rows.set(row.id, row);
    place(row);
    append({ table: name, id: row.id, row });
    return row;
  }
  return {
    get: (id) => rows.get(id),
    all: () => [...rows.values()],
    group: (key) => [...(groups.get(key)?.values() ?? [])],
    find: (matches) => {
      for (const row of rows.values()) if (matches(row)) return row;
      return undefined;
    },
    insert: (row) => put({ ...row, id: row.id ?? nextId() } as unknown as R),
    update: (id, change) => {
      const before = rows.get(id);
      if (before === undefined) throw new Error(`${name} has no row ${id}`);
      return put({ ...before, ...change });
    },
    remove: (id) => {
      const before = rows.get(id);
      if (before === undefined) return;
      rows.delete(id);
      displace(before);
      append({ table: name, id, row: null });
    },
  };
}

function replay(file: string): { rows: Map<string, Map<number, Row>>; lastId: number } {
  const rows = new Map<string, Map<number, Row>>();
  let lastId = 0;
  if (!existsSync(file)) return { rows, lastId };
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const entry = parseEntry(line);
    if (entry === undefined) continue;
    lastId = Math.max(lastId, entry.id);
    if (entry.table === "") continue;
    const table = rows.get(entry.table) ?? new Map<number, Row>();
    rows.set(entry.table, table);
    if (entry.row === null) table.delete(entry.id);
    else table.set(entry.id, entry.row);
  }
  return { rows, lastId };
}

function parseEntry(line: string): Entry | undefined {
  if (line === "") return undefined;
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}

/** The unnamed table carries the highest id ever given, so that removed rows do not give theirs back. */
function compact(file: string, rows: ReadonlyMap<string, ReadonlyMap<number, Row>>, lastId: number): void {
  const lines = [JSON.stringify({ table: "", id: lastId, row: null } satisfies Entry)];
  for (const [table, members] of rows) {
    for (const [id, row] of members) lines.push(JSON.stringify({ table, id, row } satisfies Entry));
  }
  writeFileSync(`${file}.new`, `${lines.join("\n")}\n`);
  renameSync(`${file}.new`, file);
}
