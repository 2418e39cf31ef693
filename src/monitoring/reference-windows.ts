// What a column's own past calls ordinary: each reference window against all the others.
import { pairColumns } from "./column-pair.ts";
import { testValues } from "./drift-tests.ts";
import { learnThreshold } from "./learned-threshold.ts";
import { mergeProfiles, type Profile } from "./profile.ts";

/** A window with fewer values of a column says nothing of it. */
const fewestRows = 50;

/**
 * Upper bound of the effect of one more ordinary window, by column; empty with fewer than eight windows. Windows need the
 * same columns and types (`findMergeProblem`). No window is compared with itself.
 */
export function learnEffects(windows: readonly Profile[], confidence: number): ReadonlyMap<string, number> {
  const learned = new Map<string, number>();
  const others = leaveEachOut(windows);
  const [first] = windows;
  first?.columns.forEach((_, at) => {
    const effects = windows.flatMap((window, i) => {
      const [rest, own] = [others[i]?.columns[at], window.columns[at]];
      return rest && own && own.present >= fewestRows && rest.present > 0
        ? [testValues(pairColumns(rest, own), confidence, false).effect]
        : [];
    });
    const threshold = learnThreshold(effects);
    const name = first.columns[at]?.name;
    if (threshold !== null && name !== undefined) learned.set(name, threshold);
  });
  return learned;
}

/** All windows but the i-th together, for each i, in a number of merges proportional to the windows. */
function leaveEachOut(windows: readonly Profile[]): readonly (Profile | undefined)[] {
  const merge = (a: Profile | undefined, b: Profile | undefined): Profile | undefined =>
    a && b ? mergeProfiles(a, b) : (a ?? b);
  const before: (Profile | undefined)[] = [undefined];
  for (const window of windows) before.push(merge(before.at(-1), window));
  const after: (Profile | undefined)[] = [undefined];
  for (const window of [...windows].reverse()) after.push(merge(window, after.at(-1)));
  return windows.map((_, i) => merge(before[i], after[windows.length - 1 - i]));
}
