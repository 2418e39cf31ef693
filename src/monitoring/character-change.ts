// Do texts hold other characters than they did? What a column of free text is tested by beside the lengths of its texts.
import { newcombeInterval } from "../statistics/proportions.ts";
import { characterClasses } from "./character-classes.ts";
import type { ColumnPair } from "./column-pair.ts";
import { compareRates, type DesignEffects, type EffectTest } from "./drift-tests.ts";

/** Share of the texts that hold at least one character of a class. */
export interface CharacterShare {
  readonly name: string;
  readonly referenceRate: number;
  readonly currentRate: number;
}

export interface CharacterTest extends Pick<EffectTest, "pValue" | "effect" | "interval" | "counts"> {
  /** Every class that a text of either side holds, most changed first. */
  readonly shares: readonly CharacterShare[];
}

/**
 * Tests which classes of characters the texts hold: each class by the shares of texts that hold it, the smallest p-value
 * times the number of classes that vary (Bonferroni). The effect is the largest change of a share; its interval holds for
 * all classes together. Null when one side was not counted or has no texts.
 */
export function testCharacters(
  { reference, current }: ColumnPair,
  confidence: number,
  designEffects: DesignEffects = [1, 1],
): CharacterTest | null {
  const [before, after] = [reference.characters, current.characters];
  const [n, m] = [reference.present, current.present];
  if (!before || !after || n === 0 || m === 0) return null;
  const [deffA, deffB] = designEffects;
  const share = 1 - (1 - confidence) / characterClasses.length;
  const found = characterClasses.map(({ name }, i) => {
    const [x, y] = [before[i] ?? 0, after[i] ?? 0];
    const test = compareRates(x, n, y, m, confidence, designEffects);
    const interval = newcombeInterval(x / deffA, n / deffA, y / deffB, m / deffB, share);
    return { name, ...test, bound: Math.max(Math.abs(interval[0]), Math.abs(interval[1])) };
  });
  const changeOf = (one: CharacterShare): number => Math.abs(one.currentRate - one.referenceRate);
  const varying = found.filter(({ counts }) => counts);
  const effect = Math.max(...found.map(changeOf));
  return {
    pValue: varying.length === 0 ? 1 : Math.min(1, varying.length * Math.min(...varying.map(({ pValue }) => pValue))),
    effect,
    interval: [0, Math.max(...found.map(({ bound }) => bound))],
    counts: varying.length > 0,
    shares: found
      .filter(({ referenceRate, currentRate }) => referenceRate + currentRate > 0)
      .sort((a, b) => changeOf(b) - changeOf(a))
      .map(({ name, referenceRate, currentRate }) => ({ name, referenceRate, currentRate })),
  };
}
