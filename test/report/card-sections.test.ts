import { describe, expect, it } from "vitest";
import { describeCardRemedy, findMissingSections, readCardSections } from "../../src/report/card-sections.ts";

describe("sections of a card that people write", () => {
  it("are what stands under headings of the second level, without comments, fences read as text", () => {
    const text = [
      "# Rain",
      "not in a section",
      "## Intended use",
      "Says whether it rains. <!-- modelgate:publish x -->",
      "```md",
      "## not a heading",
      "```",
      "### Deeper",
      "part of it",
      "## Limits ##",
      "",
      "## Wer fragt",
      "Grüße",
    ].join("\n");
    expect(readCardSections(text).map(({ id, title }) => [id, title])).toEqual([
      ["purpose", "Intended use"],
      ["wer-fragt", "Wer fragt"],
    ]);
    const [purpose] = readCardSections(text);
    expect(purpose?.text).toContain("## not a heading");
    expect(purpose?.text).toContain("part of it");
    expect(purpose?.text).not.toContain("<!--");
  });

  it("are found missing by any of their names", () => {
    const present = readCardSections("## Limitations\nnone known\n").map(({ id }) => id);
    expect(findMissingSections(["Known limits", "purpose", "metrics"], [...present, "metrics"])).toEqual(["purpose"]);
    expect(describeCardRemedy(["purpose", "metrics"], "CARD.md")).toBe(
      "write `## purpose` in CARD.md; metrics come from evidence and training run: publish with --evidence and --candidate",
    );
  });
});
