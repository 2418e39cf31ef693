// Which rows a behaviour asks a model about: drawn from the evaluation data or written in the config, then changed.
import { createRandom } from "../../statistics/rng.ts";
import { selectRows } from "../../tables/select-rows.ts";
import { stackTables } from "../../tables/stack-tables.ts";
import type { Table } from "../../tables/table.ts";
import { shuffle } from "../explanation/shapley.ts";
import type { EvaluationRows } from "../metric-rows.ts";
import { parseWhere } from "../slice-expression.ts";
import { findRows, UnknownSliceColumn } from "../slices.ts";
import type { Behaviour } from "./behaviour.ts";
import { changeCells, tabulateCases, UnfitBehaviour } from "./change-cells.ts";

export interface BehaviourPlan {
  readonly behaviour: Behaviour;
  /** Rows or cases that are tested. */
  readonly units: number;
  /** Row of the evaluation data that each unit is, or null for cases. */
  readonly rows: Int32Array | null;
  /** Place of each unit among the cases; null for rows. */
  readonly cases: Int32Array | null;
  /** Rows on which the change changes nothing. */
  readonly skipped: number;
  /** Everything asked: the units as they are, then their changed copies. */
  readonly questions: Table;
  /** Unit of each changed copy. */
  readonly unitOf: Int32Array;
}

/** Returns a sentence without its period when the behaviour cannot be asked on this data. `seed` decides which rows are drawn. */
export function planBehaviour(
  behaviour: Behaviour,
  table: Table,
  rows: EvaluationRows,
  seed: string,
): BehaviourPlan | string {
  try {
    if (behaviour.cases !== null) {
      const given = tabulateCases(
        table,
        behaviour.cases.map((one) => one.given),
      );
      return arrange(behaviour, given, null);
    }
    const found =
      behaviour.where === null
        ? Int32Array.from({ length: rows.rows }, (_, row) => row)
        : findRows(table.columns, table.rows, parseWhere(behaviour.where));
    const drawn =
      found.length <= behaviour.mostRows
        ? found
        : Int32Array.from(
            shuffle([...found], createRandom(`${seed}\n${behaviour.id}`)).slice(0, behaviour.mostRows),
          ).sort();
    return arrange(behaviour, selectRows(table, drawn), drawn);
  } catch (error) {
    if (error instanceof UnfitBehaviour || error instanceof UnknownSliceColumn) return error.message;
    throw error;
  }
}

function arrange(behaviour: Behaviour, originals: Table, rows: Int32Array | null): BehaviourPlan {
  const all = Int32Array.from({ length: originals.rows }, (_, unit) => unit);
  if (behaviour.kind === "minimum-functionality")
    return {
      behaviour,
      units: originals.rows,
      rows,
      cases: rows === null ? all : null,
      skipped: 0,
      questions: originals,
      unitOf: new Int32Array(0),
    };
  const changed = changeCells(originals, behaviour.changes);
  const touched = Int32Array.from(new Set(changed.unitOf));
  const numberOf = new Map([...touched].map((unit, number) => [unit, number]));
  return {
    behaviour,
    units: touched.length,
    rows: rows === null ? null : touched.map((unit) => rows[unit]!),
    cases: rows === null ? touched : null,
    skipped: originals.rows - touched.length,
    questions: stackTables([selectRows(originals, touched), changed.table]),
    unitOf: changed.unitOf.map((unit) => numberOf.get(unit)!),
  };
}
