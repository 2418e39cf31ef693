// Every rule of the config, in the order in which problems are reported for the same line.
import type { ConfigFile, ModelFile } from "../schema.ts";
import { behavioursAreWhole, explanationMakesSense } from "./behaviours.ts";
import { blocksOrGroups, idIsNotAnInput, labelHasOneRole, labelIsNotAnInput, namesAreNotRepeated } from "./columns.ts";
import { dataHasOneSource, datesExist, splitHasSomethingToSplit, windowsAreNotEmpty, windowsHaveTime } from "./data.ts";
import { expectationsExpectSomething } from "./expectations.ts";
import {
  gatesFitTheTask,
  gatesMakeSense,
  gatesNameSlicesThatExist,
  metricsAreKnown,
  ownMetricsHaveOwnNames,
  slicesMakeSense,
} from "./gates.ts";
import { fairnessNeedsDecisions, ratioHasTwoColumns } from "./metrics.ts";
import { modelsAreDifferentFiles, namesMakeGitRefs, thereAreNotTooManyModels, thereIsAModel } from "./names.ts";
import { secretsOfTheJobStay, shellIsAskedFor, trainingIsSaidOnce } from "./programs.ts";
import type { ConfigRule, Finding, ModelRule } from "./rule.ts";
import {
  baselineExists,
  gatesAreThere,
  gatesCompareWithSomethingThatExists,
  holdoutIsThere,
  promotionGoesForward,
  stageNamesAreDistinct,
  stageNamesAreNotVersions,
} from "./stages.ts";
import { watchReads } from "./watch.ts";

const configRules: readonly ConfigRule[] = [
  thereIsAModel,
  thereAreNotTooManyModels,
  namesMakeGitRefs,
  modelsAreDifferentFiles,
];

const modelRules: readonly ModelRule[] = [
  labelIsNotAnInput,
  idIsNotAnInput,
  blocksOrGroups,
  labelHasOneRole,
  namesAreNotRepeated,
  dataHasOneSource,
  splitHasSomethingToSplit,
  windowsHaveTime,
  windowsAreNotEmpty,
  datesExist,
  trainingIsSaidOnce,
  shellIsAskedFor,
  secretsOfTheJobStay,
  ratioHasTwoColumns,
  metricsAreKnown,
  ownMetricsHaveOwnNames,
  slicesMakeSense,
  gatesMakeSense,
  gatesNameSlicesThatExist,
  gatesFitTheTask,
  fairnessNeedsDecisions,
  behavioursAreWhole,
  explanationMakesSense,
  expectationsExpectSomething,
  stageNamesAreDistinct,
  stageNamesAreNotVersions,
  promotionGoesForward,
  gatesAreThere,
  holdoutIsThere,
  baselineExists,
  gatesCompareWithSomethingThatExists,
];

/**
 * Everything the rules find in a config whose shape is right. `absent`: keys such as `models.rain.train.env` that were there but misshapen;
 * what a rule finds after looking at one of them is not believed.
 */
export function checkRules(config: ConfigFile, absent: ReadonlySet<string> = new Set()): readonly Finding[] {
  const findings: Finding[] = [];
  if (absent.size === 0) for (const rule of configRules) rule(config, (finding) => findings.push(finding));
  for (const [name, model] of Object.entries(config.models)) {
    if (model === null) continue;
    for (const rule of modelRules) findings.push(...checkModelRule(rule, name, model, absent));
  }
  return findings;
}

function checkModelRule(rule: ModelRule, name: string, model: ModelFile, absent: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = [];
  let missed = false;
  const watched = watchReads(model, ["models", name], absent, () => {
    missed = true;
  });
  rule(watched, (finding) => findings.push({ ...finding, path: ["models", name, ...finding.path] }), name);
  return missed ? [] : findings;
}
