// `modelgate report`: what evidence says on a pull request, shown in a terminal.
import { InputError } from "../errors.ts";
import { defineCommand } from "./command.ts";

export const report = defineCommand({
  name: "report",
  summary: "show what evidence says on a pull request: comment, summary and check",
  options: [
    { flags: "--evidence <dir>", summary: "folder with evidence.json, as `validate` writes it", required: true },
    { flags: "--dry-run", summary: "print comment, summary and check; nothing is written" },
  ],
  examples: ["modelgate report --evidence evidence --dry-run", "modelgate report --evidence evidence --dry-run --json"],
  run: async (input, context) => {
    if (input.options["dryRun"] !== true) {
      throw new InputError({
        message: "a terminal has no pull request to write to",
        expected: "`--dry-run`",
        received: "nothing",
        hint: "add --dry-run; on a pull request the action `report` or the App writes",
      });
    }
    const { previewReport } = await import("../commands/report.ts");
    return previewReport({ evidence: String(input.options["evidence"]), configFile: input.configFile }, context);
  },
});
