// Character trigrams of texts.
import { jensenShannonDistance } from "../../statistics/distribution-distance.ts";
import { defineDriftMeasure } from "../drift-measure.ts";
import { listTrigrams } from "../text-parts.ts";

const kept = 500;

export const characterTrigrams = defineDriftMeasure({
  id: "characterTrigrams",
  summary:
    "Jensen-Shannon distance to base 2 of the sampled texts' character trigrams: the reference's 500 most frequent and the rest",
  onDemand: true,
  compute: ({ texts }) => {
    if (!texts) return null;
    const [reference, current] = [count(texts.reference), count(texts.current)];
    const top = [...reference]
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      .slice(0, kept)
      .map(([gram]) => gram);
    const cells = (counts: ReadonlyMap<string, number>): readonly number[] => {
      const own = top.map((gram) => counts.get(gram) ?? 0);
      const all = [...counts.values()].reduce((sum, value) => sum + value, 0);
      return [...own, all - own.reduce((sum, value) => sum + value, 0)];
    };
    return jensenShannonDistance(cells(reference), cells(current));
  },
});

function count(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const gram of texts.flatMap(listTrigrams)) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  return counts;
}
