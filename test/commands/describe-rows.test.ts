// What a pull request does to the rows that judge, read from its head on a local GitHub, and whom the rows have trained.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createHeadFiles } from "../../src/commands/describe-judged.ts";
import { describeRows } from "../../src/commands/describe-rows.ts";
import { pinModelData } from "../../src/commands/pin-data.ts";
import { describeProposal } from "../../src/commands/proposed-changes.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { parseLock, renderLock } from "../../src/config/parse-lock.ts";
import { clientOf, startTestGitHub } from "../github/testing.ts";

const configText = `version: 1
models:
  rain:
    task: binary
    label: wet
    id: day
    data: { train: train.csv, evaluation: rows.csv }
`;
const render = (rows: readonly (readonly [number, number, number])[]) =>
  `day,wind,wet\n${rows.map((row) => row.join(",")).join("\n")}\n`;
const evaluationRows = Array.from({ length: 60 }, (_, day) => [day, day * 2, day % 2] as const);
const trainingRows = Array.from({ length: 90 }, (_, day) => [day + 100, day, day % 2] as const);
const configOf = (text = configText) => parseConfig(text, "modelgate.yml");

function makeFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "modelgate-rows-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const createContext = (folder: string) => ({
  folder,
  environment: {},
  now: () => new Date(),
  progress: () => {},
  signal: new AbortController().signal,
});

async function pin(files: Readonly<Record<string, string>>, text = configText): Promise<string> {
  const folder = makeFolder(files);
  const settings = configOf(text).models.get("rain");
  if (!settings) throw new Error("no model");
  return renderLock({
    version: 1,
    models: new Map([["rain", await pinModelData(settings, folder, createContext(folder))]]),
  });
}

const baseFiles = { "train.csv": render(trainingRows), "rows.csv": render(evaluationRows) };

/** What is said of a pull request whose head has these files beside the base's. */
async function propose(
  headFiles: Readonly<Record<string, string>>,
  more: { lock?: string; trainedOn?: string; retraining?: boolean } = {},
) {
  const github = await startTestGitHub();
  const client = clientOf(github);
  await client.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
  const at = { owner: github.owner, repo: "rain" };
  const { data: ref } = await client.rest.git.getRef({ ...at, ref: "heads/main" });
  const files = { ...baseFiles, ...headFiles };
  const tree = Object.entries(files).map(
    ([path, content]) => ({ path, content, mode: "100644", type: "blob" }) as const,
  );
  const made = await client.rest.git.createTree({ ...at, tree });
  const parents = [ref.object.sha];
  const head = await client.rest.git.createCommit({ ...at, message: "x", tree: made.data.sha, parents });
  const root = makeFolder(baseFiles);
  const baseLock = parseLock(await pin(baseFiles), "modelgate.lock");
  const proposedHead = {
    configText,
    lockText: more.lock ?? (await pin(files)),
    changedPaths: [...Object.keys(headFiles), "modelgate.lock"],
  };
  const proposal = describeProposal({ config: configOf(), lock: baseLock }, proposedHead);
  const settings = configOf().models.get("rain");
  const base = baseLock.models.get("rain");
  if (!settings || !base?.evaluation) throw new Error("no model");
  const judged = { head: proposedHead, headSha: head.data.sha, baseSha: null, mergedHeads: [] };
  const fetchHeadFiles = createHeadFiles({ client, owner: github.owner, name: "rain" }, judged);
  const trained = more.trainedOn === undefined ? null : parseLock(more.trainedOn, "lock").models.get("rain")?.train;
  return await describeRows(
    {
      settings,
      base,
      proposed: proposal.proposed.get("rain") ?? null,
      judging: base.evaluation,
      retraining: more.retraining ?? false,
      baseline: { version: "1.0.0", trainedOn: trained ?? null },
      changes: proposal.changes.get("rain") ?? [],
    },
    {
      root,
      folder: makeFolder({}),
      changedPaths: proposedHead.changedPaths,
      fetchHeadFiles: fetchHeadFiles ?? (async () => []),
      knownSources: ["rows.csv", "train.csv"],
    },
    createContext(root),
  );
}

const changed = evaluationRows
  .slice(5)
  .map(([day, wind, wet]) => [day, day === 10 ? 999 : wind, day < 8 ? 1 - wet : wet] as const);

describe("a pull request that changes the evaluation data", () => {
  test("is told with rows added, removed, relabelled and otherwise changed, and needs a word", async () => {
    const { changes, notes } = await propose({ "rows.csv": render([...changed, [77, 1, 1], [78, 1, 0]]) });
    expect(changes).toEqual([
      {
        what: "evaluation-data",
        needsAccept: true,
        summary:
          "The evaluation data changes in `rows.csv`: 60 rows become 57. By `day`: 2 rows added, 5 removed, 3 relabelled, 1 with other values; 51 stay as they are.",
      },
    ]);
    expect(notes).toEqual([]);
  }, 30_000);

  test("is told also when its rows cannot be compared, with the reason", async () => {
    const stale = await pin({ ...baseFiles, "rows.csv": render(changed) });
    const { changes } = await propose({ "rows.csv": render(changed.slice(1)) }, { lock: stale });
    expect(changes[0]).toMatchObject({
      needsAccept: true,
      summary: expect.stringMatching(/Row by row they could not be compared: the data is not what modelgate.lock pins/),
    });
    const outside = stale.replace('"rows.csv"', '"../../../etc/passwd"');
    expect((await propose({}, { lock: outside })).changes[0]?.summary).toMatch(/lie outside the repository/);
    const address = stale.replace('"rows.csv"', '"http://169.254.169.254/rows.csv"');
    expect((await propose({}, { lock: address })).changes[0]?.summary).toMatch(
      /address that the base branch does not name/,
    );
  }, 30_000);
});

describe("rows that judge and have trained", () => {
  test("are counted for the candidate and for the baseline", async () => {
    const leaking = render([...trainingRows, ...evaluationRows.slice(0, 12)]);
    const { changes, notes } = await propose({ "train.csv": leaking }, { trainedOn: await pin(baseFiles) });
    expect(changes.map(({ what }) => what)).toContain("training-window");
    expect(notes).toEqual([
      "Shared rows: 12 of the 60 rows that judge are among the training rows of the candidate. The numbers say less than they seem to.",
    ]);
    const old = await pin({ ...baseFiles, "train.csv": leaking });
    expect((await propose({ "train.csv": leaking }, { trainedOn: old })).notes).toHaveLength(2);
    const retrained = await propose({ "train.csv": leaking }, { retraining: true });
    expect(retrained.changes.at(-1)).toEqual({
      what: "evaluation-data",
      summary: "This is no retraining: 12 of the 60 rows that judge are among the training rows of the candidate.",
      needsAccept: true,
    });
  }, 30_000);
});
