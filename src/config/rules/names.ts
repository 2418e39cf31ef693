// Rules about the models of the file together.
import type { ConfigRule } from "./rule.ts";

export const thereIsAModel: ConfigRule = (config, report) => {
  if (Object.keys(config.models).length > 0) return;
  report({ path: ["models"], message: "names no model", expected: "at least one, such as `rain: {}`" });
};

export const thereAreNotTooManyModels: ConfigRule = (config, report) => {
  const count = Object.keys(config.models).length;
  if (count > 500)
    report({ path: ["models"], message: "names too many models", expected: "at most 500", received: `${count}` });
};

/** A name becomes part of tags (`rain@1.0.0`) and branches (`modelgate/retrain/rain`), which git restricts further. */
export const namesMakeGitRefs: ConfigRule = (config, report) => {
  for (const name of Object.keys(config.models)) {
    if (!/\.\.|\.$|\.lock$/.test(name)) continue;
    report({
      path: ["models", name],
      at: "key",
      message: "cannot be part of a git branch or tag",
      expected: "a name without `..`, not ending in `.` or `.lock`",
      received: name,
    });
  }
};

export const modelsAreDifferentFiles: ConfigRule = (config, report) => {
  const owners = new Map<string, string>();
  for (const [name, model] of Object.entries(config.models)) {
    if (!model?.model) continue;
    const owner = owners.get(model.model);
    if (owner !== undefined) {
      report({
        path: ["models", name, "model"],
        message: `is the file of \`${owner}\` already`,
        expected: "a file of its own",
        received: model.model,
      });
    }
    owners.set(model.model, name);
  }
};
