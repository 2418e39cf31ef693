// `modelgate monitor [MODEL]`.
import { monitorFailures } from "../monitoring/fail-on.ts";
import { defineCommand } from "./command.ts";
import { readChoices } from "./read-choices.ts";

export const monitor = defineCommand({
  name: "monitor",
  summary: "look at the newest window of production: drift, data faults, labelled performance",
  arguments: [
    { name: "model", summary: "a model of the config (default: every model with `monitor:`)", required: false },
  ],
  options: [
    { flags: "--out <folder>", summary: "where findings.json goes", default: ".modelgate/findings" },
    {
      flags: "--fail-on <what...>",
      summary: `what ends with exit code 1: ${monitorFailures.join(", ")} (default warn: whatever needs somebody)`,
    },
  ],
  examples: [
    "modelgate monitor churn",
    "modelgate monitor --fail-on rollback,insufficient",
    "modelgate monitor --json",
  ],
  async run(input, context) {
    const { monitor: use } = await import("../commands/monitor.ts");
    const { connectRegistry } = await import("../commands/registry-session.ts");
    const { readCheckoutHead } = await import("../commands/read-checkout-head.ts");
    return use(
      {
        configFile: input.configFile,
        models: typeof input.arguments[0] === "string" ? [input.arguments[0]] : [],
        out: String(input.options["out"]),
        failOn: readChoices(input, "failOn", monitorFailures) ?? undefined,
        headSha: await readCheckoutHead(context),
        workflowRun: null,
      },
      await connectRegistry(input.repository, context),
      context,
    );
  },
});
