// Every drift measure, in the order of reports.
import type { DriftMeasure } from "../drift-measure.ts";
import { andersonDarling } from "./anderson-darling.ts";
import { characterTrigrams } from "./character-trigrams.ts";
import { chiSquare } from "./chi-square.ts";
import { cramerV } from "./cramer-v.ts";
import { cramerVonMises } from "./cramer-von-mises.ts";
import { energy } from "./energy.ts";
import { fisher } from "./fisher.ts";
import { hellinger } from "./hellinger.ts";
import { jensenShannon } from "./jensen-shannon.ts";
import { ks } from "./kolmogorov-smirnov.ts";
import { kullbackLeibler } from "./kullback-leibler.ts";
import { lInfinity } from "./l-infinity.ts";
import { likelihoodRatio } from "./likelihood-ratio.ts";
import { mannWhitney } from "./mann-whitney.ts";
import { mmd, mmdPValue } from "./maximum-mean-discrepancy.ts";
import { meanDifference } from "./mean-difference.ts";
import { outOfVocabulary } from "./out-of-vocabulary.ts";
import { psi } from "./population-stability.ts";
import { totalVariation } from "./total-variation.ts";
import { wasserstein } from "./wasserstein.ts";
import { wassersteinNormed } from "./wasserstein-normed.ts";
import { welch } from "./welch.ts";

export const driftMeasures: readonly DriftMeasure[] = [
  ks,
  psi,
  jensenShannon,
  hellinger,
  wasserstein,
  wassersteinNormed,
  totalVariation,
  lInfinity,
  kullbackLeibler,
  energy,
  cramerVonMises,
  andersonDarling,
  mannWhitney,
  meanDifference,
  chiSquare,
  likelihoodRatio,
  cramerV,
  fisher,
  welch,
  mmd,
  mmdPValue,
  outOfVocabulary,
  characterTrigrams,
];
