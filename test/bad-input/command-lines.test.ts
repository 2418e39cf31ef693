// Command lines that make no sense, for every command of the catalog: exit 2 and what was meant, never a bug.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/catalog.ts";
import type { Command } from "../../src/cli/command.ts";
import { createRepository } from "./example.ts";
import { closedGitHub, expectClean, expectFailure } from "./expect-failure.ts";

const folder = createRepository({ "a.csv": "id,y,p\n1,0,0.2\n2,1,0.7\n", "junk.json": "{", "list.json": "[]" });
mkdirSync(join(folder.path, "somewhere"));
mkdirSync(join(folder.path, "folder.json"));
afterAll(folder.remove);

const odd = ["constructor", "../../etc", "a/b", "two words", "größe", "", "-", "a".repeat(3000), "x\u0000y", "*"];

/** A command line with `value` for every argument and every option that is required. */
function fill(command: Command, value: string): string[] {
  const given = (command.arguments ?? []).filter(({ required }) => required).map(() => value);
  const options = (command.options ?? []).filter(({ required }) => required);
  return [...command.name.split(" "), ...given, ...options.flatMap(({ flags }) => [flags.split(" ")[0] ?? "", value])];
}

describe.each(commands.map((command) => [command.name, command] as const))("modelgate %s", (name, command) => {
  it("without what it needs, with an option nobody knows, with too much, with a forgotten value", async () => {
    const words = fill(command, "a.csv");
    if (words.length > name.split(" ").length)
      await expectFailure(folder, name, { status: 2, message: /missing required argument|required option/ });
    await expectFailure(folder, [...words, "--no-such-option"], { status: 2, message: /unknown option/ });
    if (!command.arguments?.some(({ variadic }) => variadic)) {
      const more = [...words, ...(command.arguments ?? []).map(() => "more"), "more"];
      await expectFailure(folder, more, { status: 2, message: /too many arguments/ });
    }
    await expectFailure(folder, [...words, "--repo"], { status: 2, message: /--repo.*missing/ });
    await expectFailure(folder, [...words, "--config", "--repo"], { status: 2, message: /value is missing/ });
  });

  it("with names that are none: no trace, no bug, and no write outside", async () => {
    for (const value of odd) {
      const run = await folder.run([...fill(command, value), "--repo", "o/r"], closedGitHub);
      expect([0, 1, 2, 3], `${value}: ${run.stderr}`).toContain(run.status);
      expectClean(run);
    }
  });
});

describe("a group or a command that is not there", () => {
  it.each([
    ["nonsense", /there is no command `modelgate nonsense`[\s\S]*one of init, doctor/],
    ["trian m --out run", /did you mean `modelgate train`/],
    ["registry lst", /no command `modelgate registry lst`[\s\S]*did you mean `modelgate registry list`/],
    ["gates", /modelgate gates needs a command|Usage/],
  ])("`%s`", async (command, message) => {
    const run = await folder.run(`${command} --json`);
    const document = JSON.parse(run.stdout);
    expect(run.status).toBe(2);
    const { message: text, expected, hint } = document.problems[0];
    expect(`${text} ${expected} ${hint}`).toMatch(message);
  });
});

describe("values that do not fit", () => {
  const compare = "compare --baseline a.csv --candidate a.csv --label y --prediction p";
  const surroundings = (command: string) => ({
    GITHUB_REPOSITORY: "o/r",
    ...(command.startsWith("registry list") ? { MODELGATE_RETRY_SECONDS: "soon" } : {}),
  });
  it.each([
    [`${compare} --task nonsense`, /--task: the task is not known[\s\S]*binary, multiclass/],
    [`${compare} --task binary --threshold lots`, /--threshold: the number does not fit/],
    [`${compare} --task binary --confidence 95`, /--confidence[\s\S]*between 0\.5 and 1/],
    [`${compare} --task binary --metric constructor`, /the metric "constructor" is not known/],
    [`${compare} --task binary --id nothing`, /no column "nothing"/],
    ["compare --baseline a.csv --candidate a.csv --task binary --prediction p", /needs a label[\s\S]*--label COLUMN/],
    ["compare --baseline somewhere --candidate a.csv --task score --prediction p", /somewhere: is a folder/],
    ["profile a.csv --out somewhere", /a profile is written to a file that ends in \.json/],
    ["profile a.csv --out folder.json", /folder\.json: is a folder, not a file/],
    ["profile a.csv --out a.csv/deeper.json", /a part of the path is a file/],
    ["profile a.csv --time id --from soon", /holds no times/],
    ["profile merge junk.json", /junk\.json: .*no JSON/],
    ["profile merge list.json", /expected object, received array/],
    ["train m --out a.csv", /a\.csv: the folder of the results holds something else/],
    ["train m --out a.csv/deeper", /a part of the path is a file/],
    ["train m --out .", /holds the place where the training writes its model/],
    ["drift --reference a.csv --current a.csv --measures some", /--measures is not known/],
    ["drift --reference a.csv --current a.csv --ignore id y p", /no column in common/],
    ["publish m --repo nonsense --file a.csv", /does not name a repository/],
    ["publish m --file somewhere --version latest", /not a version/],
    ["publish m --file nothing.bin", /no such file/],
    ["registry history --repo o/r --at soon", /not a date/],
    ["registry resolve @ --repo o/r", /MODEL@STAGE or MODEL@VERSION/],
    ["registry gc --repo o/r --keep-last -1", /--keep-last: the number does not fit/],
    ["registry list --repo o/r", /MODELGATE_RETRY_SECONDS: the number does not fit/],
  ])("`%s`", async (command, message) => {
    await expectFailure(folder, command, { status: 2, message, environment: surroundings(command) });
  });

  it("a gate and a slice that cannot be read", async () => {
    const words = [...compare.split(" "), "--task", "binary"];
    const gate = await expectFailure(folder, [...words, "--gate", "roc_auc drop"], {
      status: 2,
      message: /^2 error: g/,
    });
    expect(gate[0]).toMatchObject({ key: "gates[0]", received: "the end of the rule" });
    await expectFailure(folder, [...words, "--slice", ""], { status: 2, message: /a slice names no column/ });
  });
});
