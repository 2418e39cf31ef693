// `modelgate registry notify`: tell the repositories of a stage what it holds, once more.
import { defineCommand } from "./command.ts";
import { readArgument } from "./registry-input.ts";

export const registryNotify = defineCommand({
  name: "registry notify",
  summary: "tell the repositories under a stage's `notify` what it holds, once more",
  arguments: [{ name: "reference", summary: "MODEL@STAGE", required: true }],
  examples: ["modelgate registry notify churn@production"],
  run: async (input, context) => {
    const { connectRegistry } = await import("../commands/registry-session.ts");
    const { findModelConfig } = await import("../commands/stage-rules.ts");
    const { notify } = await import("../commands/registry-notify.ts");
    const { parseReference } = await import("../registry/names.ts");
    const reference = readArgument(input, 0) ?? "";
    const opened = await connectRegistry(input.repository, context);
    const choice = { configFile: input.configFile, named: input.repository !== undefined };
    const { model } = parseReference(reference);
    const { stages, registry } = await findModelConfig(model, choice, opened.repository, context);
    return notify(reference, stages, opened.under({ registry }));
  },
});
