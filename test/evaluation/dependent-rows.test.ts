// Seeded simulation of equal models on rows that hang together: they may be called different at most as often as is promised, widened by two standard errors.
// `npm run bench -- dependent-rows` runs 2,000.
import { expect, test } from "vitest";
import { type DependentScenario, tallyDependent } from "../../bench/simulate-dependent.ts";

const runs = 100;
const atMost = (share: number) => share + 2 * Math.sqrt((share * (1 - share)) / runs);

test.each<DependentScenario>([
  { kind: "groups", groups: 20, sizes: "equal" },
  { kind: "groups", groups: 20, sizes: "unequal" },
  { kind: "groups", groups: 20, sizes: "one large" },
  { kind: "time", rows: 200, correlation: 0.5 },
  { kind: "folds", folds: 10, repeats: 1 },
])("%o: a 5 % test, and a gate exactly at its margin", (scenario) => {
  const { called, passes } = tallyDependent(scenario, "", 0, runs);
  expect(called! / runs).toBeLessThanOrEqual(atMost(0.05));
  expect(passes! / runs).toBeLessThanOrEqual(atMost(0.025));
});
