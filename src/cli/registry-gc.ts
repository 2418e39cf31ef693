// `modelgate registry gc`: delete versions that no rule keeps; never one that a stage holds or would roll back to.
import { InputError } from "../errors.ts";
import { defineCommand } from "./command.ts";
import { readArgument, readBytes, readCount, readText } from "./registry-input.ts";

export const registryGc = defineCommand({
  name: "registry gc",
  summary: "delete versions that no rule keeps; never one that a stage holds or would roll back to",
  arguments: [{ name: "model", summary: "only this model", required: false }],
  options: [
    { flags: "--keep-last <count>", summary: "keep the newest versions", default: "10" },
    { flags: "--keep-days <days>", summary: "keep what is younger" },
    {
      flags: "--keep-best <rule>",
      summary: "keep the best by a metric: METRIC:COUNT; METRIC:COUNT:lower where less of an own metric is better",
    },
    { flags: "--budget <bytes>", summary: "delete, oldest first, only until the rest fits: 5000000000, 5GB, 4.5GiB" },
    { flags: "--dry-run", summary: "say what would go and why; delete nothing" },
  ],
  examples: [
    "modelgate registry gc churn --keep-last 5 --dry-run",
    "modelgate registry gc --keep-days 90 --keep-best roc_auc:3",
    "modelgate registry gc --budget 20GB --json",
  ],
  run: async (input, context) => {
    const { connectRegistry } = await import("../commands/registry-session.ts");
    const { collectGarbage } = await import("../commands/registry-gc.ts");
    const rules = {
      keepLast: readCount(input, "keepLast", 1) ?? 10,
      keepDays: readCount(input, "keepDays", 0),
      keepBest: await parseBest(readText(input, "keepBest")),
      budgetBytes: readBytes(input, "budget"),
    };
    const { locateConfig, loadConfig } = await import("../commands/load-config.ts");
    const opened = await connectRegistry(input.repository, context);
    const near = input.repository === undefined ? (input.configFile ?? (await locateConfig(context.folder))) : null;
    const session = near === null ? opened : opened.under((await loadConfig(near, context)).config);
    const model = readArgument(input, 0);
    return collectGarbage({ model, rules, actor: null, dryRun: input.options["dryRun"] === true }, session, context);
  },
});

/** Without a direction a built-in metric's own, for any other the higher is the better. */
async function parseBest(text: string | null) {
  if (text === null) return null;
  const [, metric, count, stated] = text.match(/^([^:]+):([1-9]\d{0,3})(?::(higher|lower))?$/) ?? [];
  if (metric === undefined)
    throw new InputError({
      message: "the rule does not fit",
      key: "--keep-best",
      expected: "METRIC:COUNT or METRIC:COUNT:lower, such as roc_auc:3",
      received: text,
    });
  const { findMetric } = await import("../evaluation/catalog.ts");
  const usual = findMetric(metric.replace(/\(.*$/, ""))?.direction ?? "higher";
  const direction = stated === undefined ? usual : stated === "lower" ? "lower" : "higher";
  return { metric, count: Number(count), direction } as const;
}
