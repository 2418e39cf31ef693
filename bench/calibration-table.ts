// Prints how often verdicts and intervals are right, at every size and correlation that is promised.
import { calibrate, coverValues } from "./calibration.ts";
import {
  equalScenario,
  lossScenario,
  marginScenario,
  shareScenario,
  shareValueScenario,
  sliceScenario,
  valueScenario,
} from "./calibration-scenarios.ts";

type Print = (line: string) => void;

/** `pairs` of simulated models per line (2,000 when it counts). */
export async function benchCalibration(print: Print, pairs = 2000): Promise<void> {
  print(`${pairs} seeded pairs per line, 1,000 resamples; eight gates: six drop/rise + two absolute`);
  for (const rows of [500, 5000])
    for (const correlation of [0.8, 0.95]) {
      print(`\n${rows} rows, scores correlated ${correlation}`);
      const setting = { rows, correlation, pairs };
      const equal = calibrate(equalScenario(setting));
      const { pass, inconclusive, fail } = equal.verdicts;
      printRow(
        print,
        "equal models: fail",
        `${show(fail)}   (≤ 5)     pass ${show(pass)}, inconclusive ${show(inconclusive)}`,
      );
      printRow(print, "  passes its passable margin", `${range(equal.passesPassable)}   (≥ 78)`);
      printRow(print, "  intervals cover", `${range(equal.covers)}   (93 to 97)`);
      const margin = calibrate(marginScenario(setting));
      printRow(print, "one gate at its margin: pass", `${show(margin.verdicts.pass)}   (≤ 3.3)`);
      const loss = calibrate(lossScenario(setting));
      printRow(print, "clear loss: that gate fails", `${show(loss.outcomes.get("roc_auc drop")!.fail)}   (≥ 95)`);
      printRow(print, "clear loss: verdict pass", `${show(loss.verdicts.pass)}   (≤ 0.1)`);
    }
  const setting = { rows: 500, correlation: 0.8, pairs };
  printCover(print, "changes, 500 rows and a slice of 50, equal models", calibrate(sliceScenario(setting, 0)).covers);
  printCover(print, "the same, a loss of 3 points of AUC", calibrate(sliceScenario(setting, 0.03)).covers);
  printCover(print, "a model's own values, 500 rows, slices of 450 and 50", coverValues(valueScenario(setting)));
  for (const correlation of [0.8, 0.95])
    printCover(
      print,
      `changes of shares near 1, 100 rows, correlation ${correlation}`,
      calibrate(shareScenario({ rows: 100, correlation, pairs })).covers,
    );
  printCover(
    print,
    "a model's own shares near 1, 100 rows",
    coverValues(shareValueScenario({ rows: 100, correlation: 0.8, pairs })),
  );
}

function printCover(print: Print, title: string, covers: ReadonlyMap<string, number>): void {
  print(`\nintervals cover: ${title}`);
  for (const [id, share] of covers) printRow(print, id, show(share));
}

function printRow(print: Print, name: string, text: string): void {
  print(`  ${name.padEnd(32)}${text}`);
}

function show(share: number): string {
  return `${(100 * share).toFixed(1).padStart(5)} %`;
}

/** Least and most of a list of shares. */
function range(shares: ReadonlyMap<string, number>): string {
  const values = [...shares.values()];
  return `${show(Math.min(...values))} to ${show(Math.max(...values)).trim()}`;
}
