// `modelgate registry list`: models of the registry, their stages and versions.
import { defineCommand } from "./command.ts";

export const registryList = defineCommand({
  name: "registry list",
  summary: "models of the registry, their stages and versions",
  options: [{ flags: "--all", summary: "every version of a large registry too: one request per 100 events" }],
  examples: ["modelgate registry list", "modelgate registry list --repo acme/models --json"],
  run: async (input, context) => {
    const { connectReader } = await import("../commands/connect-reader.ts");
    const { listRegistry } = await import("../commands/registry-list.ts");
    return listRegistry(null, await connectReader(input, context), { all: input.options["all"] === true });
  },
});
