// `modelgate profile merge`: profiles of parts make the profile of the whole.
import { defineCommand } from "./command.ts";
import { readSmallestGroup, smallestGroupOption } from "./smallest-group.ts";

export const profileMerge = defineCommand({
  name: "profile merge",
  summary: "merge profiles of parts of one data set into the profile of the whole",
  arguments: [
    { name: "file", summary: "profiles as `modelgate profile --out` writes them", required: true, variadic: true },
  ],
  options: [{ flags: "--out <file>", summary: "write the merged profile to this .json file" }, smallestGroupOption],
  examples: ["modelgate profile merge shard-*.json --out whole.json"],
  run: async (input, context) => {
    const { mergeProfileFiles } = await import("../commands/profile.ts");
    const [files] = input.arguments;
    const out = input.options["out"];
    const list = Array.isArray(files) ? (files as readonly string[]) : typeof files === "string" ? [files] : [];
    return mergeProfileFiles(
      list,
      { out: typeof out === "string" ? out : undefined, smallestGroup: readSmallestGroup(input) },
      context,
    );
  },
});
