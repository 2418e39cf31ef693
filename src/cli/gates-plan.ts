// `modelgate gates plan MODEL`: what each gate can show before anyone chooses a number.
import { defineCommand } from "./command.ts";

export const gatesPlan = defineCommand({
  name: "gates plan",
  summary: "what each gate of a model can show with today's rows",
  arguments: [{ name: "model", summary: "a model of the config", required: true }],
  options: [
    { flags: "--candidate <path>", summary: "a model on disk whose spread is taken instead of an assumed one" },
  ],
  examples: ["modelgate gates plan churn", "modelgate gates plan churn --candidate out/model.onnx --json"],
  async run(input, context) {
    const { planGates } = await import("../commands/plan-gates.ts");
    const candidate = input.options["candidate"];
    return planGates(
      {
        model: String(input.arguments[0]),
        candidate: typeof candidate === "string" ? candidate : null,
        configFile: input.configFile,
      },
      context,
    );
  },
});
