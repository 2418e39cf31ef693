// The story, chapter by chapter.
import { distrust, openDoubtful } from "./chapters/distrust.ts";
import { publishFirstVersion } from "./chapters/first-version.ts";
import { addTemperatures, askWhatRowsCannotTell, openWorse, refuseWorse } from "./chapters/pull-requests.ts";
import { breakTheFeed, watchTheSeason } from "./chapters/watching.ts";
import type { World } from "./world.ts";

export async function playStory(world: World): Promise<void> {
  await publishFirstVersion(world);
  await addTemperatures(world);
  await askWhatRowsCannotTell(world);
  const worse = await openWorse(world);
  const doubtful = await openDoubtful(world);
  await refuseWorse(world, worse);
  await distrust(world, doubtful);
  await watchTheSeason(world);
  await breakTheFeed(world);
}
