// What the page of a drift report says beside its columns: the rows as a whole, groups, learned thresholds, importance.
import type { DriftReport } from "../monitoring/drift-report.ts";
import { renderHtmlText } from "./html.ts";
import { renderCount, renderPlural } from "./numbers.ts";

/** A table of the tests of whole rows, with the columns that tell the sides apart; nothing when it was not asked for. */
export function renderWholeRows({ multivariate }: DriftReport): readonly string[] {
  if (multivariate === null) return [];
  const { outcome, reason, classifier, reconstruction, embeddings, drivers, rows } = multivariate;
  const line = (
    name: string,
    test: { readonly effect: number; readonly adjustedPValue: number },
    says: string,
  ): string =>
    `<tr><th scope="row">${renderHtmlText(name, 80)}</th><td class="number">${(test.effect * 100).toFixed(1)}</td><td class="number">${renderSmall(test.adjustedPValue)}</td><td>${says}</td></tr>`;
  const lines = [
    ...(classifier
      ? [
          line(
            "classifier",
            classifier,
            `tells the sides apart with an area of ${classifier.area.toFixed(3)} (0.5 = not at all)`,
          ),
        ]
      : []),
    ...(reconstruction
      ? [
          line(
            "reconstruction",
            reconstruction,
            `${renderPlural(reconstruction.components, "component")} miss ${reconstruction.referenceError.toPrecision(3)} of the reference, ${reconstruction.currentError.toPrecision(3)} of the current rows`,
          ),
        ]
      : []),
    ...embeddings.map((test) => line(test.name, test, `vectors: ${test.outcome}`)),
  ];
  const named = drivers
    .slice(0, 8)
    .map(({ name, lostArea }) => `<code>${renderHtmlText(name, 80)}</code> (${lostArea.toFixed(3)})`);
  return [
    `<h2>The rows as a whole: ${outcome}</h2>`,
    `<p class="reason">${renderHtmlText(reason, 1000)}</p>`,
    ...(lines.length === 0
      ? []
      : [
          `<div class="wide"><table><thead><tr><th>test</th><th>points moved</th><th>adjusted p</th><th>what it saw</th></tr></thead><tbody>${lines.join("")}</tbody></table></div>`,
        ]),
    ...(named.length === 0
      ? []
      : [`<p>Columns the classifier needs most, and the area it loses without them: ${named.join(", ")}.</p>`]),
    `<p><small>On ${renderCount(rows.reference)} and ${renderCount(rows.current)} sampled rows, tested on rows that nothing was learned from.</small></p>`,
  ];
}

/** Pairs of numeric columns that go together otherwise than they did; nothing when there are none. */
export function renderCorrelations({ correlations }: DriftReport): readonly string[] {
  if (correlations === null || correlations.changed.length === 0) return [];
  const lines = correlations.changed.map(
    ({ x, y, reference, current }) =>
      `<tr><th scope="row">${renderHtmlText(x, 80)}</th><th scope="row">${renderHtmlText(y, 80)}</th><td class="number">${reference.toFixed(2)}</td><td class="number">${current.toFixed(2)}</td></tr>`,
  );
  return [
    '<h2 id="correlations">Columns that go together otherwise</h2>',
    `<div class="wide"><table><thead><tr><th>column</th><th>with</th><th>correlation in the reference</th><th>now</th></tr></thead><tbody>${lines.join("")}</tbody></table></div>`,
    `<p><small>Of ${renderPlural(correlations.pairs, "pair")} of numeric columns. Told, not tested: the verdict does not rest on it. <code>--multivariate</code> tests the rows as a whole.</small></p>`,
  ];
}

/** Lines about how rows and thresholds were taken in this run; nothing when all of it was as usual. */
export function listCircumstances({
  groupedBy,
  referenceWindows,
  importance,
  columns,
}: DriftReport): readonly string[] {
  const design = Math.max(1, ...columns.map(({ groups }) => groups?.designEffect ?? 1));
  const learned = columns.filter(({ learnedEffect }) => learnedEffect !== null);
  const widest = learned.reduce((most, { threshold }) => Math.max(most, threshold), 0);
  return [
    ...(groupedBy === null
      ? []
      : [
          `Rows of one ${groupedBy} depend on each other: p-values exchange whole groups, and up to ${design.toFixed(1)} rows say as much as one independent row.`,
        ]),
    ...(referenceWindows === 0
      ? []
      : [
          `Thresholds were learned from ${renderPlural(referenceWindows, "reference window")} for ${renderPlural(learned.length, "column")}: up to ${(widest * 100).toFixed(1)} points are ordinary.`,
        ]),
    ...(importance === null
      ? []
      : [
          `The columns that drifted carry ${(importance.driftedShare * 100).toFixed(0)} % of the importance to the model; drift counts from ${(importance.threshold * 100).toFixed(0)} %.`,
        ]),
  ];
}

function renderSmall(p: number): string {
  if (p === 0) return "&lt; 1e-300";
  return p < 0.001 ? p.toExponential(0) : p.toFixed(3);
}
