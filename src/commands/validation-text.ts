// What `validate` says on a terminal: a line per model, then its gates aligned.
import type { Evidence, ModelEvidence } from "../evidence/evidence.ts";
import { renderNumber } from "../report/numbers.ts";
import { cleanForTerminal } from "../report/text-table.ts";

/** Verdicts, gates with the numbers, reasons; ends without a newline. */
export function renderValidation(evidence: Evidence): string {
  return evidence.models.map(renderModel).join("\n");
}

function renderModel(model: ModelEvidence): string {
  if (model.status === "not-affected") return `${model.model}: not affected`;
  if (model.status !== "judged") return `${model.model}: ${model.status}: ${model.problem ?? "no reason given"}`;
  const against = model.baseline ? `against ${model.baseline.version}` : "a first version, without a baseline";
  const comparisons = [model.comparison, model.secondComparison].filter((comparison) => comparison !== null);
  const rows = comparisons.map((comparison) => `${comparison.rows} rows`).join(" and ");
  const lines = [`${model.model}: ${model.verdict} (${against}, ${rows})`];
  for (const comparison of comparisons) {
    const width = Math.max(0, ...comparison.gates.map((gate) => gate.rule.length));
    for (const gate of comparison.gates) {
      const accepted = gate.accepted ? ` [accepted by ${gate.accepted.by}: ${gate.accepted.reason}]` : "";
      lines.push(`  ${gate.outcome.padEnd(12)}  ${gate.rule.padEnd(width)}  ${gate.reason}${accepted}`);
    }
  }
  return [...lines, ...renderSight(model)].join("\n");
}

/** What the candidate looks at, by falling importance; or why that is not known. */
function renderSight({ evaluation }: ModelEvidence): readonly string[] {
  const explanation = evaluation?.explanation;
  if (!explanation) return [];
  if (explanation.reason !== null) return [`  not explained: ${cleanForTerminal(explanation.reason)}`];
  const looked = explanation.importances.slice(0, 8).map(({ column, candidate, baseline }) => {
    const was = baseline === null ? "" : `, was ${renderNumber(baseline.value, 3)}`;
    return `${cleanForTerminal(column)} (${renderNumber(candidate.value, 3)}${was})`;
  });
  return [`  looks at: ${looked.join(", ")}: what ${explanation.metric} loses when the column is shuffled`];
}
