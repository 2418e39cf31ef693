// Pull requests that make the model better, that nobody can judge from these rows, and that make it worse.

import { quoteSticky } from "../quote.ts";
import { comment, merge, openPull, type Pull, readSticky, waitForCheck, waitForRun } from "../scene.ts";
import type { Person, World } from "../world.ts";
import { promoteToProduction } from "./first-version.ts";

/** Commits a change of the config's features on a branch of the owner's clone and opens a pull request for `person`. */
export async function proposeFeatures(
  world: World,
  person: Person,
  branch: string,
  features: readonly string[],
  title: string,
): Promise<Pull> {
  const { clone } = world;
  clone.branch(branch);
  clone.edit(".github/modelgate.yml", /features: \[[^\]]*\]/, `features: [${features.join(", ")}]`);
  clone.commit(title);
  clone.push(branch);
  return openPull(world, person, branch, title, "");
}

export async function addTemperatures(world: World): Promise<void> {
  const { narrator } = world;
  narrator.chapter("A pull request that makes it better: the day's temperatures");
  const pull = await proposeFeatures(
    world,
    world.contributor,
    "temperatures",
    ["wind", "temp_max", "temp_min"],
    "Add the day's temperatures",
  );
  const check = await waitForCheck(world, pull.headSha);
  narrator.say(`check modelgate: ${check.conclusion} — ${check.title}`);
  quoteSticky(world, await readSticky(world, pull.number));
  await mergeAndPublish(world, pull);
}

/** Merges, waits until main has gated and published, and promotes what it published to production. */
export async function mergeAndPublish(world: World, pull: Pull): Promise<void> {
  const { narrator } = world;
  const merged = await merge(world, world.maintainer, pull);
  if ("refused" in merged) throw new Error(`merging #${pull.number} was refused: ${merged.refused}`);
  narrator.say(
    `#${pull.number} merged as ${merged.sha.slice(0, 7)}; main trains, gates again, and publishes the bytes it gated`,
  );
  const run = await waitForRun(world, "modelgate-main.yml", merged.sha);
  narrator.say(`workflow on main: ${run.conclusion}`);
  await promoteToProduction(world, `merged as #${pull.number}`);
}

export async function askWhatRowsCannotTell(world: World): Promise<void> {
  const { narrator } = world;
  narrator.chapter("A small change that these rows cannot judge");
  const pull = await proposeFeatures(
    world,
    world.contributor,
    "without-wind",
    ["temp_max", "temp_min"],
    "Do without the wind",
  );
  const check = await waitForCheck(world, pull.headSha);
  narrator.say(`check modelgate: ${check.conclusion} — ${check.title}`);
  quoteSticky(world, await readSticky(world, pull.number));
  const refused = await merge(world, world.maintainer, pull);
  narrator.say(`merge: ${"refused" in refused ? `refused by GitHub (${refused.refused})` : "went through"}`);
  await comment(world, world.contributor, pull.number, "/accept rain roc_auc I would like to");
  narrator.say("the contributor says `/accept rain roc_auc …`: no right to, nothing changes");
  const gates = findAcceptable(await readSticky(world, pull.number));
  for (const gate of gates) {
    await comment(
      world,
      world.maintainer,
      pull.number,
      `/accept rain ${gate} one sensor less to keep alive is worth a tie`,
    );
  }
  const accepted = await waitForCheck(world, pull.headSha, ({ conclusion }) => conclusion === "success");
  narrator.say(`a maintainer accepts ${gates.join(", ")} with a reason, kept in the ledger: ${accepted.conclusion}`);
  await mergeAndPublish(world, pull);
}

/** The gates that the comment says a maintainer can accept. */
function findAcceptable(sticky: string): readonly string[] {
  const found = [...sticky.matchAll(/`\/accept rain (.+?) the reason`/g)].map(([, gate]) => gate ?? "");
  return [...new Set(found)];
}

/** Opens the pull request that goes back to wind alone. */
export function openWorse(world: World): Promise<Pull> {
  return proposeFeatures(world, world.contributor, "wind-only", ["wind"], "Go back to wind alone");
}

export async function refuseWorse(world: World, pull: Pull): Promise<void> {
  const { narrator } = world;
  narrator.chapter("A pull request that makes it worse");
  const check = await waitForCheck(world, pull.headSha);
  narrator.say(`check modelgate: ${check.conclusion} — ${check.title}`);
  quoteSticky(world, await readSticky(world, pull.number));
  const refused = await merge(world, world.maintainer, pull);
  narrator.say(`merge: ${"refused" in refused ? `refused by GitHub (${refused.refused})` : "WENT THROUGH"}`);
}
