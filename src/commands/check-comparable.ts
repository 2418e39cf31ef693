// Can two profiles be compared at all? What cannot is an error that says what to do, never "no drift".
import type { ReadProfile } from "../data/read-profile.ts";
import { InputError } from "../errors.ts";
import { findTypeConflicts } from "../monitoring/compare-profiles.ts";
import type { DriftCommandSettings } from "./drift.ts";

/** Throws InputError for rows asked of a profile, for chosen columns that a side lacks, for no column in common, and for changed types. */
export function checkComparable(settings: DriftCommandSettings, reference: ReadProfile, current: ReadProfile): void {
  const files = `${settings.reference.source} and ${settings.current.source}`;
  if (settings.exact && (reference.fromProfile || current.fromProfile)) {
    throw new InputError({
      message: "--exact needs the rows, and a profile holds none",
      file: reference.fromProfile ? settings.reference.source : settings.current.source,
      expected: "data on both sides",
    });
  }
  const names = new Set(current.profile.columns.map((column) => column.name));
  const absent = settings.columns?.find(
    (name) => !names.has(name) || !reference.profile.columns.some((column) => column.name === name),
  );
  if (absent !== undefined) {
    throw new InputError({ message: `${files} do not both have the column ${JSON.stringify(absent)}`, key: absent });
  }
  if (!reference.profile.columns.some((column) => names.has(column.name))) {
    throw new InputError({
      message: `${files} have no column in common`,
      expected:
        reference.profile.columns.map((column) => column.name).join(", ") || "at least one that is not left out",
      received: [...names].join(", ") || "none",
    });
  }
  const conflicts = findTypeConflicts(reference.profile, current.profile);
  if (conflicts.length > 0) {
    throw new InputError(
      conflicts.map((message) => ({
        message,
        file: settings.current.source,
        expected: "the type of the reference",
        hint: "a value that does not fit changes the type of a whole column: look for texts among the numbers, or leave the column out with --ignore",
      })),
    );
  }
}
