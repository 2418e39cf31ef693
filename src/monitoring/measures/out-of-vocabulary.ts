// Words that the reference does not have.
import { defineDriftMeasure } from "../drift-measure.ts";
import { listWords } from "../text-parts.ts";

export const outOfVocabulary = defineDriftMeasure({
  id: "outOfVocabulary",
  summary:
    "share of the current words that the sampled reference texts do not have, less the share of its own words that it has once; texts, from the rows",
  onDemand: true,
  compute: ({ texts }) => {
    if (!texts) return null;
    const known = new Map<string, number>();
    let all = 0;
    for (const word of texts.reference.flatMap(listWords)) {
      known.set(word, (known.get(word) ?? 0) + 1);
      all++;
    }
    const words = texts.current.flatMap(listWords);
    if (all === 0 || words.length === 0) return 0;
    const once = [...known.values()].filter((count) => count === 1).length;
    return words.filter((word) => !known.has(word)).length / words.length - once / all;
  },
});
