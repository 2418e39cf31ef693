// `modelgate card MODEL`: the model card.
import { defineCommand } from "./command.ts";

export const card = defineCommand({
  name: "card",
  summary: "print the model card of a model: what it does, how good it is, how it was made, what nobody stated",
  arguments: [{ name: "model", summary: "a model of the config", required: true }],
  options: [
    { flags: "--evidence <dir>", summary: "folder with evidence.json: how good it is" },
    { flags: "--candidate <dir>", summary: "folder that a training left: how it was made" },
    { flags: "--version <version>", summary: "the version in the title" },
  ],
  examples: ["modelgate card churn --evidence evidence --candidate out/churn", "modelgate card churn --json"],
  run: async (input, context) => {
    const { createCard } = await import("../commands/card.ts");
    const text = (name: string) => {
      const value = input.options[name];
      return typeof value === "string" ? value : null;
    };
    return createCard(
      {
        model: String(input.arguments[0]),
        version: text("version"),
        evidence: text("evidence"),
        candidate: text("candidate"),
        configFile: input.configFile,
      },
      context,
    );
  },
});
