// Why a column has its outcome, in one sentence with the numbers.
import type { CharacterComparison, ColumnDrift, DriftPolicy } from "./drift-report.ts";

/** Plain text; points are percentage points of probability mass. */
export function explainColumn(column: Omit<ColumnDrift, "reason">, threshold: number, policy: DriftPolicy): string {
  const { missing, unlisted, characters } = column;
  if (missing.outcome === "drift") {
    return `missing cells went from ${percent(missing.referenceRate)} to ${percent(missing.currentRate)} (adjusted p ${short(missing.adjustedPValue)})`;
  }
  if (unlisted?.outcome === "drift") {
    return `${percent(unlisted.currentRate)} of the rows have a category that the reference does not ${unlisted.fewestRows > 1 ? "list" : "have"}; ${percent(unlisted.referenceRate)} were to be expected (adjusted p ${short(unlisted.adjustedPValue)})`;
  }
  const told = describeCharacters(characters?.changed ?? []);
  if (characters?.test?.outcome === "drift") {
    return `${told} (adjusted p ${short(characters.test.adjustedPValue)})`;
  }
  const moved = `${points(column.effect)} points of the values moved (${points(column.effectInterval[0])} to ${points(column.effectInterval[1])}), adjusted p ${short(column.adjustedPValue)}`;
  const limit = `${points(threshold)} points`;
  switch (column.valuesOutcome) {
    case "drift":
      return `${moved}: more than ${limit}${told === "" ? "" : `; ${told}`}`;
    case "insufficient":
      if (column.groups && Math.min(column.groups.reference, column.groups.current) < policy.fewestGroups) {
        return `${column.groups.reference} groups in the reference and ${column.groups.current} groups in the current data; at least ${policy.fewestGroups} on each side are needed`;
      }
      return `${column.rows.reference} reference and ${column.rows.current} current values; at least ${policy.fewestReferenceRows} and ${policy.fewestCurrentRows} are needed`;
    case "stable":
      return column.outcome === "stable"
        ? column.test === "none" && column.type === "datetime"
          ? "a time moves by its nature and is not tested"
          : `at most ${points(column.effectInterval[1])} points of the values moved: less than ${limit}`
        : unlisted === null && column.type === "categorical" && missing.outcome === "stable"
          ? "a profile does not tell whether its many categories are still the same: compare the data itself"
          : `the values are stable; ${missing.outcome === "inconclusive" ? "missing cells" : characters?.test?.outcome === "inconclusive" ? "other characters in the texts" : "new categories"} cannot be told with so few rows`;
    case "inconclusive":
      return `${moved}: neither shown to reach ${limit} nor to stay below${column.rowsNeeded === null ? "" : `; ${column.rowsNeeded} current rows would show a change of ${limit}`}`;
  }
}

/** The two classes that changed most; empty for none. */
function describeCharacters(changed: CharacterComparison["changed"]): string {
  const words = changed
    .slice(0, 2)
    .map(
      ({ name, referenceRate, currentRate }) =>
        `${name} in ${percent(currentRate)} of the texts, were in ${percent(referenceRate)}`,
    );
  return words.join(", ");
}

function points(share: number): string {
  return (share * 100).toFixed(1);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function short(p: number): string {
  if (p === 0) return "below 1e-300";
  return p < 0.001 ? p.toExponential(0) : p.toPrecision(2);
}
