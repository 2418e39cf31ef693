// The state on disk: what was written is there again, in order, also when the process died in the middle of a line.
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { openDatabase } from "../github/state/database.ts";

interface Thing {
  readonly id: number;
  readonly owner: string;
  readonly value: number;
}

const root = mkdtempSync(join(tmpdir(), "database-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
function newFolder(): string {
  folders += 1;
  return join(root, String(folders));
}

function open(folder: string) {
  const database = openDatabase(folder);
  return { database, things: database.table<Thing>("things", (row) => row.owner) };
}

const change = fc.oneof(
  fc.record({ kind: fc.constant("insert" as const), owner: fc.constantFrom("a", "b"), value: fc.nat(9) }),
  fc.record({ kind: fc.constant("update" as const), at: fc.nat(), owner: fc.constantFrom("a", "b"), value: fc.nat(9) }),
  fc.record({ kind: fc.constant("remove" as const), at: fc.nat() }),
  fc.record({ kind: fc.constant("reopen" as const) }),
);

describe("the state", () => {
  test("is after any changes and restarts what a plain list would be", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const folder = newFolder();
        let { database, things } = open(folder);
        const model: Thing[] = [];
        const everGiven: number[] = [];
        for (const one of changes) {
          if (one.kind === "reopen") {
            database.close();
            ({ database, things } = open(folder));
          } else if (one.kind === "insert") {
            const row = things.insert({ owner: one.owner, value: one.value });
            expect(everGiven).not.toContain(row.id);
            everGiven.push(row.id);
            model.push(row);
          } else if (model.length > 0) {
            const at = one.at % model.length;
            const { id } = model[at]!;
            if (one.kind === "remove") {
              things.remove(id);
              model.splice(at, 1);
            } else model[at] = things.update(id, { owner: one.owner, value: one.value });
          }
          expect(things.all()).toEqual(model);
          for (const owner of ["a", "b"]) {
            const byId = (a: Thing, b: Thing): number => a.id - b.id;
            expect(things.group(owner).sort(byId)).toEqual(model.filter((row) => row.owner === owner));
          }
        }
        database.close();
      }),
      { numRuns: 60 },
    );
  });

  test("ignores a last line that was cut off", () => {
    const folder = newFolder();
    const first = open(folder);
    const kept = first.things.insert({ owner: "a", value: 1 });
    first.database.close();
    appendFileSync(join(folder, "state.jsonl"), '{"table":"things","id":2,"row":{"id":2,"ow');
    const second = open(folder);
    expect(second.things.all()).toEqual([kept]);
    const next = second.things.insert({ owner: "b", value: 2 });
    second.database.close();
    expect(open(folder).things.all()).toEqual([kept, next]);
  });
});
