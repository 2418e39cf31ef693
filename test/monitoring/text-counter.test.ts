// Counting texts by a hash that came with them: as often as they occur, or not at all when they are too many.
import { describe, expect, it } from "vitest";
import { categoryHash } from "../../src/json/digest.ts";
import { mostBins } from "../../src/monitoring/ordered-histogram.ts";
import { createTextCounter } from "../../src/monitoring/text-counter.ts";

const hashOf = (text: string | null): bigint => (text === null ? 0n : categoryHash(text));

function countParts(parts: readonly (readonly (string | null)[])[]) {
  const counter = createTextCounter();
  let read = 0;
  for (const part of parts) {
    counter.add(BigUint64Array.from(part, hashOf), part.length, (row) => {
      read++;
      return part[row] as string | null;
    });
  }
  return { counts: counter.finish(), read };
}

describe("counting texts as they stream by", () => {
  it("counts each as often as it occurs, leaves missing ones out, and reads a text once", () => {
    const part = ["a", null, "b", "a", ""];
    const { counts, read } = countParts([part, ["b", "b"], part]);
    expect(Object.fromEntries(counts ?? [])).toEqual({ a: 4, b: 4, "": 2 });
    expect(read).toBe(4);
  });

  it("counts as many different ones as a histogram has bins, beside missing ones, and no more", () => {
    const texts = Array.from({ length: mostBins }, (_, i) => `text ${i}`);
    expect(countParts([[null, ...texts], texts]).counts?.size).toBe(mostBins);
    expect(countParts([texts, ["one more"], texts]).counts).toBeNull();
    expect(countParts([[...texts, null, "one more"]]).counts).toBeNull();
  });
});
