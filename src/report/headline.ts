// The first line: may I merge, and if not, why; readable as the preview of a notification.
import { renderName } from "./escape.ts";
import { isAbsolute } from "./gate-table.ts";
import type { ModelStanding, OverallStanding } from "./standing.ts";
import { conclusionSigns, standingSigns } from "./words.ts";

/** As markdown, without the leading `###`. */
export function renderHeadline(overall: OverallStanding): string {
  return `${chooseSign(overall)} Modelgate: ${describeOverall(overall, renderName)}`;
}

/** As plain text for a check's title, at most 255 bytes. */
export function renderTitle(overall: OverallStanding): string {
  const text = describeOverall(overall, (name) => name);
  const startsWithName = overall.models.some(({ name }) => text.startsWith(name));
  return startsWithName ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

function describeOverall(overall: OverallStanding, name: (text: string) => string): string {
  if (overall.obstacles.length > 0) return describeObstacles(overall);
  const concerned = overall.models.filter(({ standing }) => standing !== "not-affected");
  const worst = overall.models.filter(({ standing }) => standing === overall.standing);
  const [first] = worst;
  if (!first || concerned.length === 0) return describeNothing(overall);
  if (concerned.length === 1) return describeOne(first, name(first.name));
  const count =
    worst.length === concerned.length
      ? `all ${concerned.length} models`
      : `${worst.length} of ${concerned.length} models`;
  return worst.length === 1 ? describeOne(first, name(first.name)) : `${count} ${describeMany(first)}`;
}

/** The sign says what the check says, in more detail where the two agree. */
function chooseSign({ conclusion, standing, obstacles }: OverallStanding): string {
  if (obstacles.length > 0 || concludes[standing] !== conclusion) return conclusionSigns[conclusion];
  return standingSigns[standing];
}

const concludes: Readonly<Record<ModelStanding["standing"], OverallStanding["conclusion"]>> = {
  "not-affected": "success",
  pass: "success",
  warned: "neutral",
  inconclusive: "action_required",
  unaccepted: "action_required",
  unbelieved: "action_required",
  missing: "failure",
  fail: "failure",
  failed: "failure",
};

function describeObstacles({ conclusion }: OverallStanding): string {
  const words = {
    success: "all is well",
    neutral: "not shown to be safe",
    action_required: "a maintainer has to decide",
    failure: "no verdict for this commit",
  } as const;
  return words[conclusion];
}

function describeNothing({ conclusion }: OverallStanding): string {
  return conclusion === "success" ? "this change concerns no model" : "nothing is known about this change";
}

function describeOne(model: ModelStanding, name: string): string {
  const evidence = model.evidence;
  switch (model.standing) {
    case "not-affected":
      return `${name} is not affected`;
    case "pass":
      if (evidence?.firstVersion) return `${name} is ready for its first version`;
      if (evidence?.comparison?.unchanged) return `${name} predicts exactly as before`;
      if (model.gates.some(({ acceptance }) => acceptance)) return `${name} was let through by a maintainer`;
      if (model.gates.length === 0) return `${name} was measured; no gate decides`;
      return isBetter(model) ? `${name} gets better` : `${name} keeps its quality`;
    case "warned":
      return `${name} is not shown to be safe`;
    case "inconclusive":
      return `cannot tell yet whether ${name} gets worse`;
    case "unaccepted":
      return `a maintainer has to accept what this change does to ${name}`;
    case "unbelieved":
      return `the numbers for ${name} come from the change itself and are not believed yet`;
    case "missing":
      return `nothing is known about ${name}`;
    case "fail":
      return failsOnlyItsBar(model) ? `${name} is not good enough` : `${name} would get worse`;
    case "failed":
      return evidence?.status === "training-failed" ? `training ${name} failed` : `${name} could not be judged`;
  }
}

function describeMany(model: ModelStanding): string {
  const words: Readonly<Record<ModelStanding["standing"], string>> = {
    "not-affected": "are not affected",
    pass: "keep their quality",
    warned: "are not shown to be safe",
    inconclusive: "cannot be told from getting worse yet",
    unaccepted: "wait for a maintainer",
    unbelieved: "have numbers that are not believed yet",
    missing: "have no evidence",
    fail: "would get worse",
    failed: "have no verdict",
  };
  return words[model.standing];
}

/** Some metric over all rows is better by its whole interval, and none is worse. */
const praiseLevel = 0.05;

function isBetter(model: ModelStanding): boolean {
  const metrics = (model.evidence?.comparison?.metrics ?? []).filter(({ slice }) => slice === null);
  const signs = metrics.map(({ interval, direction, pValue }) => {
    if (!interval) return 0;
    const sign = interval[0] > 0 ? 1 : interval[1] < 0 ? -1 : 0;
    const better = direction === "higher" ? sign : -sign;
    // One of many metrics is soon better by chance: praise is corrected for their number (Bonferroni), blame is not.
    return better > 0 && !(pValue !== null && pValue * metrics.length <= praiseLevel) ? 0 : better;
  });
  return signs.includes(1) && !signs.includes(-1);
}

function failsOnlyItsBar(model: ModelStanding): boolean {
  const failed = model.gates.filter(
    ({ gate, acceptance }) => gate.outcome === "fail" && gate.severity === "fail" && !acceptance,
  );
  return failed.length > 0 && failed.every(({ gate }) => isAbsolute(gate));
}
