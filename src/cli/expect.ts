// `modelgate expect`: does the data of a model hold what its config expects?
import { defineCommand } from "./command.ts";

export const expect = defineCommand({
  name: "expect",
  summary: "check a model's data against the expectations in the config",
  arguments: [{ name: "model", summary: "a model of the config", required: true }],
  options: [
    { flags: "--data <file...>", summary: "look at these files instead of the model's sources (repeatable)" },
    { flags: "--junit <file>", summary: "write the checks as JUnit XML" },
  ],
  examples: ["modelgate expect churn", "modelgate expect churn --data incoming.csv --json"],
  run: async (input, context) => {
    const { expectData } = await import("../commands/expect.ts");
    const { data, junit } = input.options;
    return expectData(
      {
        model: String(input.arguments[0]),
        configFile: input.configFile,
        junit: typeof junit === "string" ? junit : undefined,
        data: Array.isArray(data) ? (data as readonly string[]) : undefined,
      },
      context,
    );
  },
});
