// Leaves the per-row predictions beside the evidence: one Parquet file per model, for whoever wants to compute a number again.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { ModelSettings } from "../config/settings.ts";
import { writeTable } from "../data/write-table.ts";
import { listUsedColumns, tabulatePredictions } from "../evaluation/prediction-table.ts";
import type { ModelEvidence } from "../evidence/evidence.ts";
import { digestFile } from "../host/files.ts";
import type { PredictedRows } from "./predict-both.ts";

export interface PredictionsPlace {
  /** Folder; files go to `<model>/candidate.parquet` and `<model>/baseline.parquet` below it. */
  readonly folder: string;
  /** The repository cannot be read by everybody: then data is private unless the config's `share` lists `predictions`. */
  readonly privateRepository: boolean;
}

export type WrittenPredictions = NonNullable<ModelEvidence["predictions"]>;

/** Row keys are salted, the same in both files, and labels left out where the data is private; the salt is forgotten. */
export async function writePredictions(
  settings: ModelSettings,
  predicted: PredictedRows,
  place: PredictionsPlace,
): Promise<WrittenPredictions> {
  const { rows, candidate, baseline } = predicted;
  const isPrivate = settings.share === null ? place.privateRepository : !settings.share.includes("predictions");
  const options = {
    id: settings.id ?? (rows.columns.has("id") ? "id" : null),
    label: settings.label,
    group: settings.group,
    keep: listUsedColumns(settings.slices, settings.gates, settings.fairness),
    salt: isPrivate ? randomBytes(32).toString("hex") : null,
  };
  const files: WrittenPredictions["files"][number][] = [];
  for (const [of, predictions] of [
    ["candidate", candidate],
    ["baseline", baseline],
  ] as const) {
    if (predictions === null) continue;
    const path = `${settings.name}/${of}.parquet`;
    await writeTable(tabulatePredictions(rows, predictions, options), join(place.folder, path));
    const { sha256, bytes } = await digestFile(join(place.folder, path));
    files.push({ of, path, sha256, bytes });
  }
  return { private: isPrivate, rows: rows.rows, files };
}
