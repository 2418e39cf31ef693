// The profile of files: read here where they are plain text, by the engine otherwise.
import type { Context } from "../host/context.ts";
import type { ProfileOptions } from "./aggregate-engine.ts";
import type { PlainShard } from "./plain/order.ts";
import { profilePlain } from "./plain/profile-plain.ts";
import type { ProfiledRows } from "./profile-data.ts";

/** The profile of `source`, with the numbers of the numeric columns that `keep` names. Throws what `withData` throws. */
export async function profileFiles(
  source: string,
  options: ProfileOptions,
  context: Context,
  keep: (name: string) => boolean = () => false,
): Promise<ProfiledRows> {
  const plain = await profilePlain(source, options, context, keep);
  if (plain === null) {
    const { withData, profileScan } = await loadEngine();
    return withData(source, options, context, (scan) => profileScan(scan, options, source, keep));
  }
  return plain.givenUp.length === 0 ? plain : completePlain(plain, source, options, context);
}

/** With the columns whose texts are too many to be counted one by one. */
async function completePlain(
  plain: PlainShard,
  source: string,
  options: ProfileOptions,
  context: Context,
): Promise<ProfiledRows> {
  const { givenUp, profile, numbers } = plain;
  const left = { ...options, columns: givenUp, relations: false };
  const { withData, profileScan } = await loadEngine();
  return withData(source, left, context, async (scan) => {
    const rest = (await profileScan(scan, left, source)).profile;
    const columns = new Map([...profile.columns, ...rest.columns].map((column) => [column.name, column]));
    return {
      profile: { ...profile, columns: scan.columns.flatMap(({ name }) => columns.get(name) ?? []) },
      numbers,
    };
  });
}

/** What reads through the engine: plain files do without. */
async function loadEngine() {
  const [{ withData }, { profileScan }] = await Promise.all([import("./open-data.ts"), import("./profile-data.ts")]);
  return { withData, profileScan };
}
