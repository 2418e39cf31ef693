// SciPy asked live: the same rows through `drift --exact --measures all` and through scipy.stats.
import { spawnSync } from "node:child_process";
import { afterAll, describe, expect, it } from "vitest";
import { findPython } from "../../bench/find-python.ts";
import type { DriftReport } from "../../src/monitoring/drift-report.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { createFolder } from "../cli/run-in-folder.ts";

const python = findPython(["scipy", "pandas"]);
const required = process.env["MODELGATE_REQUIRE_COMPONENTS"] !== undefined;
if (python === null && !required) process.stderr.write("SKIPPED: SciPy is not installed (apt install python3-scipy)\n");

const program = `
import json, warnings
import pandas as pd
from scipy import stats
warnings.simplefilter("ignore")
a, b = pd.read_csv("a.csv"), pd.read_csv("b.csv")
def numbers(c):
    x, y = a[c], b[c]
    ks = stats.ks_2samp(x, y)
    return {"ks": ks.statistic, "pValue": ks.pvalue, "wasserstein": stats.wasserstein_distance(x, y),
      "wassersteinNormed": stats.wasserstein_distance(x, y) / x.std(ddof=0), "energy": stats.energy_distance(x, y),
      "cramerVonMises": stats.cramervonmises_2samp(x, y).statistic, "andersonDarling": stats.anderson_ksamp([x, y]).statistic,
      "mannWhitney": stats.mannwhitneyu(x, y).statistic / len(x) / len(y), "welchT": stats.ttest_ind(y, x, equal_var=False).statistic}
table = pd.crosstab(pd.concat([a.k, b.k]), [0] * len(a) + [1] * len(b))
chi = stats.chi2_contingency(table, correction=False)
g = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
from scipy.spatial.distance import jensenshannon
p, q = table[0] / len(a), table[1] / len(b)
print(json.dumps({"x": numbers("x"), "ties": numbers("ties"),
  "k": {"chiSquare": chi[0], "likelihoodRatio": g[0], "jensenShannon": jensenshannon(p, q, 2), "kullbackLeibler": stats.entropy(p, q)}}))
`;

describe.skipIf(python === null && !required)("measures of drift, beside SciPy", () => {
  const folder = createFolder();
  afterAll(() => folder.remove());

  it("are equal to 1e-9 for numbers, ties and categories", async () => {
    const random = createRandom("beside SciPy");
    const rows = (count: number, shift: number): string =>
      Array.from({ length: count }, () => {
        const k = "aaabbc"[random.nextInteger(6)];
        return `${random.nextNormal() + shift},${random.nextInteger(30) + (shift > 0 ? random.nextInteger(3) : 0)},${k}\n`;
      }).join("");
    folder.write("a.csv", `x,ties,k\n${rows(700, 0)}`);
    folder.write("b.csv", `x,ties,k\n${rows(450, 0.2)}`);
    const run = await folder.run("drift --reference a.csv --current b.csv --exact --measures all --json");
    const report = JSON.parse(run.stdout) as DriftReport;
    const asked = spawnSync(python ?? "python3", ["-c", program], { cwd: folder.path, encoding: "utf8" });
    const scipy = JSON.parse(asked.stdout) as Record<string, Record<string, number>>;
    for (const column of report.columns) {
      for (const [id, value] of Object.entries(scipy[column.name] ?? {})) {
        const ours = id === "pValue" ? column.pValue : column.measures[id];
        expect(Math.abs((ours ?? Number.NaN) - value), `${id} of ${column.name}`).toBeLessThan(
          1e-9 * Math.max(1, Math.abs(value)),
        );
      }
    }
    expect(Object.keys(scipy)).toHaveLength(3);
  });
});
