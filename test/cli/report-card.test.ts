// `report` shows what evidence would say, `card` what a model is; both from files, with every file that is wrong named.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { betterRain, evidence, undecidedRain, worseRain } from "../report/example-evidence.ts";
import { createFolder, type Folder } from "./run-in-folder.ts";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
  folder.write(".github/modelgate.yml", "models: { rain: { task: binary, label: rained } }\n");
});
afterEach(() => folder.remove());

const save = (of: unknown) => folder.write("ev/evidence.json", JSON.stringify(of));

describe("modelgate report", () => {
  it("prints comment, summary and check", async () => {
    save(evidence([worseRain]));
    const { status, stdout } = await folder.run("report --evidence ev --dry-run --json");
    expect(status).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      kind: "report",
      schemaVersion: 1,
      written: false,
      state: "failure",
      check: { conclusion: "failure", title: "rain would get worse" },
    });
    expect(document.comment.startsWith("<!-- modelgate -->\n")).toBe(true);
    expect(document.summary).toContain("roc_auc");
    expect((await folder.run("report --evidence ev/evidence.json --dry-run")).stdout).toContain("check: failure");
  });

  it("judges by the config that is here", async () => {
    save(evidence([undecidedRain]));
    const state = async () => JSON.parse((await folder.run("report --evidence ev --dry-run --json")).stdout).state;
    expect(await state()).toBe("action_required");
    folder.write(".github/modelgate.yml", "models: { rain: { inconclusive: warn } }\n");
    expect(await state()).toBe("neutral");
  });

  it.each<[string, string | null, RegExp]>([
    ["missing", null, /no such file/],
    ["empty", "", /.+/],
    ["not JSON", "{", /.+/],
    ["of another kind", '{"kind":"evaluation"}', /.+/],
    ["at odds with itself", JSON.stringify(evidence([{ ...worseRain, verdict: "pass" }])), /verdict/],
    ["with a number that is none", JSON.stringify(evidence([betterRain])).replace("0.8732", "NaN"), /.+/],
  ])("evidence that is %s: exit 2", async (_, text, message) => {
    if (text !== null) folder.write("ev/evidence.json", text);
    const { status, stdout } = await folder.run("report --evidence ev --dry-run --json");
    expect(status).toBe(2);
    expect(JSON.parse(stdout).problems[0].message).toMatch(message);
  });

  it("writes nowhere from a terminal", async () => {
    save(evidence([betterRain]));
    const { status, stderr } = await folder.run("report --evidence ev");
    expect(status).toBe(2);
    expect(stderr).toContain("--dry-run");
  });
});

describe("modelgate card", () => {
  it("tells what is known from config and evidence", async () => {
    save(evidence([betterRain]));
    const { status, stdout } = await folder.run("card rain --evidence ev --version 1.1.0");
    expect(status).toBe(0);
    expect(stdout).toContain("# rain 1.1.0");
    expect(stdout).toContain("| roc_auc | drop ≤ 0.5pp | pass |");
  });

  it("refuses evidence about other models, and a folder without a run record", async () => {
    save(evidence([{ ...betterRain, model: "snow" }]));
    expect((await folder.run("card rain --evidence ev")).stderr).toContain("does not speak of rain");
    expect((await folder.run("card rain --candidate ev")).status).toBe(2);
  });
});
