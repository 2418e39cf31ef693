// "How these numbers are made", under every drift page.

import type { DriftReport } from "../monitoring/drift-report.ts";
import { driftMeasures } from "../monitoring/measures/catalog.ts";
import { escapeHtml } from "./html.ts";

/** HTML with the anchors `moved`, `adjusted` and `missing`, in the numbers of this report's policy. */
export function renderMethods(report: DriftReport): string {
  const { policy, exact } = report;
  const limit = (share: number): string => `${Number((share * 100).toFixed(1))} points`;
  const items: readonly (readonly [string, string, string])[] = [
    [
      "moved",
      "Points moved",
      `How much of the values lies elsewhere than in the reference, in percentage points. Numbers, times and lengths of text: the largest distance of the two distribution functions (Kolmogorov and Smirnov's D). Categories: half the sum of the differences of the shares of the reference's twenty largest categories and the rest (total variation), less what chance alone adds on average. Drift needs at least ${limit(policy.effect)}; from ${limit(policy.severeEffect)} it is severe.`,
    ],
    [
      "interval",
      "95 % interval",
      "Numbers: D plus and minus the radius of the Dvoretzky, Kiefer and Wolfowitz band of both sides. Categories: a normal interval with the largest variance such shares can have. A column is stable only when the interval's upper end is below the threshold: few rows never show stability.",
    ],
    [
      "adjusted",
      "Adjusted p",
      `The chance of so large a difference if nothing had changed, corrected for looking at ${report.tests} tests at once (Benjamini and Hochberg): of all findings at most ${policy.level * 100} % are false on average. ${exact ? "Kolmogorov-Smirnov on the rows, p as SciPy computes it" : "Kolmogorov-Smirnov, exact up to a product of 10⁶ rows, else Kolmogorov's limit; few tied values and categories by chi-square homogeneity on cells pooled until each expects ten"}.`,
    ],
    [
      "missing",
      "Missing and new categories",
      `Shares of missing cells, and of rows whose category the reference does not have, are tests of the same family. New categories are compared with the share that the reference's categories seen only once predict (Good and Turing); of more than 4,096 categories, those are looked at whose hash is a multiple of a power of two, about 16,000. Drift needs ${limit(policy.missingEffect)} and ${limit(policy.unlistedEffect)}.`,
    ],
    [
      "characters",
      "Characters of texts",
      `Free text is also tested by which classes of characters it holds (letters, digits, spaces, punctuation, symbols, …): each class by the share of texts that hold it, the smallest p-value times the number of classes, as one test of the family. Drift needs ${limit(policy.effect)}.`,
    ],
    [
      "correlation",
      "Columns that go together",
      "Pearson's correlation of the first 24 numeric columns, from profiles that hold it, and from data of up to 200,000 rows or with --multivariate. A change is told from 0.2 on when Fisher's z says that chance gives none of the pairs so much (0.001). It is no test: a few large values move a correlation.",
    ],
    [
      "rows",
      "Too few rows",
      `Fewer than ${policy.fewestReferenceRows} reference or ${policy.fewestCurrentRows} current values: nothing is said of the column.`,
    ],
    [
      "picture",
      "Distribution",
      "Twenty cells of equal width over the middle 99 % of both sides; the first and last hold what lies beyond. Categories: the largest eleven by share and the rest, named where at least ten rows of a side have them and both sides are data, not profiles.",
    ],
  ];
  const measures = driftMeasures.map(
    ({ id, summary }) => `<dt><code>${escapeHtml(id)}</code></dt><dd>${escapeHtml(summary)}</dd>`,
  );
  return [
    "<h2>How these numbers are made</h2>",
    ...items.map(([id, title, text]) => `<h3 id="${id}">${title}</h3><p>${escapeHtml(text)}</p>`),
    `<h3 id="measures">Measures</h3><dl>${measures.join("")}</dl>`,
  ].join("\n");
}
