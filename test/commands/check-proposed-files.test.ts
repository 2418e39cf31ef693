// A pull request hears before the merge what would stop the publish after it.
import { expect, it } from "vitest";
import { checkProposedFiles } from "../../src/commands/check-proposed-files.ts";
import { openRecordedSession } from "../app/recorded-github.ts";

const head = "a".repeat(40);
const file = (text: string) => ({
  type: "file",
  encoding: "base64",
  size: text.length,
  content: Buffer.from(text).toString("base64"),
});
const config = "models: { rain: { card: { file: CARD.md, required: [purpose, limits, metrics] } } }";

async function check(card: string | null, changed: readonly string[]) {
  const { session, asked } = openRecordedSession({
    "GET /repos/octo/rain/contents/.github/modelgate.yml": file(config),
    ...(card === null ? {} : { "GET /repos/octo/rain/contents/CARD.md": file(card) }),
  });
  const problems = await checkProposedFiles(session.repository, head, changed);
  return { messages: problems.map((problem) => `${problem.file}: ${problem.message}`), asked: asked.length };
}

it("names required sections that nobody wrote; those that measuring makes are not asked for yet", async () => {
  const lacking = "CARD.md: the model card of rain lacks required sections: limits";
  expect((await check("## Purpose\nUmbrellas\n", ["CARD.md"])).messages).toEqual([lacking]);
  expect((await check("## Purpose\nx\n## Limits\ny\n", ["CARD.md"])).messages).toEqual([]);
  expect((await check(null, [".github/modelgate.yml"])).messages).toEqual([
    `${lacking.replace("limits", "purpose, limits")}`,
  ]);
});

it("asks for nothing when neither config nor card can have changed", async () => {
  expect(await check("", ["train.py"])).toEqual({ messages: [], asked: 0 });
});
