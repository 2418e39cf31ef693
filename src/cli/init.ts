// `modelgate init`: a first config and workflows.
import { defineCommand } from "./command.ts";

export const init = defineCommand({
  name: "init",
  summary: "write a first config and workflows for the repository you stand in",
  options: [
    { flags: "--force", summary: "overwrite files that are there" },
    { flags: "--dry-run", summary: "say what would be written" },
  ],
  examples: ["modelgate init", "modelgate init --dry-run --json"],
  run: async (input, context) => {
    const { initRepository } = await import("../commands/init.ts");
    return initRepository(
      { force: input.options["force"] === true, dryRun: input.options["dryRun"] === true },
      context,
    );
  },
});
