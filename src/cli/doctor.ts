// `modelgate doctor`: is everything in order, and if not, how to mend it.
import { defineCommand } from "./command.ts";
import { readList } from "./registry-input.ts";

export const doctor = defineCommand({
  name: "doctor",
  summary: "check config, lock, workflows and registry, and say how to fix what is wrong",
  options: [
    { flags: "--repair", summary: "do what the printed plan says" },
    {
      flags: "--file <path...>",
      summary: "a file that was replaced in a release: put back where the digest is the ledger's (repeatable)",
    },
  ],
  examples: [
    "modelgate doctor",
    "modelgate doctor --repair",
    "modelgate doctor --file backup/model.onnx --repair",
    "modelgate doctor --json",
  ],
  run: async (input, context) => {
    const { examine } = await import("../commands/doctor.ts");
    return examine(
      {
        repair: input.options["repair"] === true,
        configFile: input.configFile,
        repository: input.repository,
        files: readList(input, "file"),
      },
      context,
    );
  },
});
