// Cutting: whatever the limit, tables end on a row, folds are closed, and something says that there was more.
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Block, foldBlock, renderBlocks, tableBlock, textBlock } from "../../src/report/blocks.ts";
import { countBytes } from "../../src/report/escape.ts";

const rows = Array.from({ length: 50 }, (_, index) => [`row ${index}`, "ünïcode"]);
const table = tableBlock(["name", "value"], [":--", "--:"], rows);

it("leaves what fits as it is", () => {
  const text = renderBlocks([textBlock("a"), table, foldBlock("more", [textBlock("b")])], 100_000);
  expect(text).toContain("row 49");
  expect(text).toContain("<details><summary>more</summary>\n\nb\n\n</details>");
  expect(text).not.toContain("Left out");
});

it("says how many rows are missing", () => {
  const text = renderBlocks([table], 500);
  const shown = text.split("\n").filter((line) => line.startsWith("| row")).length;
  expect(text).toContain(`| … ${50 - shown} more |  |`);
});

it("never goes over its limit, never leaves anything open", () => {
  const leaf = fc.oneof(
    fc.integer({ min: 0, max: 400 }).map((length) => textBlock("x".repeat(length))),
    fc.integer({ min: 0, max: 50 }).map((count) => tableBlock(["name", "value"], [":--", "--:"], rows.slice(0, count))),
  );
  const block: fc.Arbitrary<Block> = fc.oneof(
    leaf,
    fc.array(leaf, { maxLength: 4 }).map((inner) => foldBlock("fold", inner)),
  );
  fc.assert(
    fc.property(fc.array(block, { maxLength: 8 }), fc.integer({ min: 200, max: 3000 }), (blocks, limit) => {
      const text = renderBlocks(blocks, limit);
      expect(countBytes(text)).toBeLessThanOrEqual(limit);
      expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
      for (const line of text.split("\n")) if (line.startsWith("|")) expect(line.endsWith("|")).toBe(true);
    }),
    { numRuns: 300 },
  );
});
