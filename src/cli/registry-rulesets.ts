// `modelgate registry rulesets`: print the rulesets that protect a registry, one JSON document per line, as GitHub's API takes them.
import { InputError } from "../errors.ts";
import { defineCommand } from "./command.ts";
import { readText } from "./registry-input.ts";

export const registryRulesets = defineCommand({
  name: "registry rulesets",
  summary: "print the rulesets that protect a registry, one JSON document per line, as GitHub's API takes them",
  options: [{ flags: "--app <id>", summary: "id of the App that alone may write the ledger" }],
  examples: [
    'modelgate registry rulesets | while read -r line; do echo "$line" | gh api repos/OWNER/NAME/rulesets --input -; done',
    "modelgate registry rulesets --app 12345",
  ],
  run: async (input) => {
    const { createRulesets } = await import("../registry/rulesets.ts");
    const app = readText(input, "app");
    if (app !== null && !/^[1-9]\d{0,11}$/.test(app))
      throw new InputError({
        message: "the number does not fit",
        key: "--app",
        expected: "the App's id, on its settings page",
        received: app,
      });
    const rulesets = createRulesets(app === null ? null : Number(app));
    const document = { kind: "registry-rulesets", schemaVersion: 1, rulesets } as const;
    return { exitCode: 0, document, text: rulesets.map((ruleset) => JSON.stringify(ruleset)).join("\n") };
  },
});
