// The story, chapter by chapter.
import { distrust } from "./chapters/distrust.ts";
import { publishFirstVersion } from "./chapters/first-version.ts";
import { addTemperatures, askWhatRowsCannotTell, refuseWorse } from "./chapters/pull-requests.ts";
import { breakTheFeed, watchTheSeason } from "./chapters/watching.ts";
import type { World } from "./world.ts";

export async function playStory(world: World): Promise<void> {
  await publishFirstVersion(world);
  await addTemperatures(world);
  await askWhatRowsCannotTell(world);
  await refuseWorse(world);
  await distrust(world);
  await watchTheSeason(world);
  await breakTheFeed(world);
}
