// Prints how often verdicts and intervals are right, at every size and correlation that is promised.
import { type Calibration, readCalibration, readCover, type Scenario, type ValueScenario } from "./calibration.ts";
import {
  equalScenario,
  fewScenario,
  fewValueScenario,
  lossScenario,
  marginScenario,
  shareScenario,
  shareValueScenario,
  sliceScenario,
  valueScenario,
} from "./calibration-scenarios.ts";
import type { SimulationSizes } from "./false-alarms.ts";
import { spreadRuns } from "./spread.ts";

type Print = (line: string) => void;

/** `runs` simulated pairs of models per line, on so many threads. */
export async function benchCalibration(print: Print, { runs: pairs, threads }: SimulationSizes): Promise<void> {
  const calibrate = async (scenario: Scenario): Promise<Calibration> =>
    readCalibration(await spreadRuns("judged", scenario, "", pairs, threads), pairs);
  const cover = async (scenario: ValueScenario) => readCover(await spreadRuns("values", scenario, "", pairs, threads));
  print(`${pairs} seeded pairs per line, 1,000 resamples; eight gates: six drop/rise + two absolute`);
  for (const rows of [500, 5000])
    for (const correlation of [0.8, 0.95]) {
      print(`\n${rows} rows, scores correlated ${correlation}`);
      const setting = { rows, correlation, pairs };
      const equal = await calibrate(equalScenario(setting));
      const { pass, inconclusive, fail } = equal.verdicts;
      printRow(
        print,
        "equal models: fail",
        `${show(fail)}   (≤ 5)     pass ${show(pass)}, inconclusive ${show(inconclusive)}`,
      );
      printRow(print, "  passes its passable margin", `${range(equal.passesPassable)}   (≥ 78)`);
      printRow(print, "  intervals cover", `${range(equal.covers)}   (93 to 97)`);
      const margin = await calibrate(marginScenario(setting));
      printRow(print, "one gate at its margin: pass", `${show(margin.verdicts.pass)}   (≤ 3.3)`);
      const loss = await calibrate(lossScenario(setting));
      printRow(print, "clear loss: that gate fails", `${show(loss.outcomes.get("roc_auc drop")!.fail)}   (≥ 95)`);
      printRow(print, "clear loss: verdict pass", `${show(loss.verdicts.pass)}   (≤ 0.1)`);
    }
  const setting = { rows: 500, correlation: 0.8, pairs };
  const change = async (title: string, scenario: Scenario) =>
    printCover(print, title, (await calibrate(scenario)).covers);
  const value = async (title: string, scenario: ValueScenario) => printCover(print, title, await cover(scenario));
  await change("changes, 500 rows and a slice of 50, equal models", sliceScenario(setting, 0));
  await change("the same, a loss of 3 points of AUC", sliceScenario(setting, 0.03));
  await value("a model's own values, 500 rows, slices of 450 and 50", valueScenario(setting));
  for (const correlation of [0.8, 0.95])
    await change(
      `changes of shares near 1, 100 rows, correlation ${correlation}`,
      shareScenario({ rows: 100, correlation, pairs }),
    );
  await value("a model's own shares near 1, 100 rows", shareValueScenario({ rows: 100, correlation: 0.8, pairs }));
  for (const area of [0.75, 0.856, 0.95]) {
    const few = { rows: 30, correlation: 0.8, pairs };
    await change(`changes on 30 rows, AUC ${area}`, fewScenario(few, area, 0));
    await change(`changes on 30 rows, AUC ${area}, a loss of 3 points`, fewScenario(few, area, 0.03));
    await value(`a model's own values on 30 rows, AUC ${area}`, fewValueScenario(few, area));
  }
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
