// The overview when a change concerns several models: one row each, worst first; those it does not concern in one line.
import { type Block, tableBlock, textBlock } from "./blocks.ts";
import { escapeMarkdown, renderName } from "./escape.ts";
import { renderCount, renderPlural } from "./numbers.ts";
import type { ReportContext } from "./report-context.ts";
import type { ModelStanding } from "./standing.ts";
import { standingSigns, standingWords } from "./words.ts";

/** Up to this many models that are not affected get a row of their own. */
const fewModels = 5;

/** Empty when there is only one model, or none that the change concerns. */
export function renderModelsTable(models: readonly ModelStanding[], context: ReportContext): Block[] {
  const concerned = models.filter(({ standing }) => standing !== "not-affected");
  const others = models.filter(({ standing }) => standing === "not-affected");
  if (models.length < 2 || concerned.length === 0) return [];
  const listed = others.length <= fewModels ? models : concerned;
  const rows = listed.map((model) => [
    isBad(model) ? `**${escapeMarkdown(model.name)}**` : escapeMarkdown(model.name),
    `${standingSigns[model.standing]} ${describeVerdict(model)}`,
    renderBaseline(model, context),
    renderCount(model.evidence?.comparison?.rows ?? model.evidence?.evaluation?.rows ?? null).replace("–", ""),
  ]);
  const table = tableBlock(["model", "verdict", "compared with", "rows"], [":--", ":--", ":--", "--:"], rows);
  if (others.length <= fewModels) return [table];
  return [table, textBlock(`➖ ${renderPlural(others.length, "other model")} not affected.`)];
}

/** `[rain@1.1.0](url) in production`, or why there is none. */
export function renderBaseline(model: ModelStanding, context: ReportContext): string {
  const evidence = model.evidence;
  if (!evidence || model.standing === "not-affected") return "";
  if (evidence.firstVersion) return "nothing: its first version";
  if (!evidence.baseline) return "";
  const { version, stage } = evidence.baseline;
  if (version === "base-branch") return "the base branch";
  if (!/^\d/.test(version)) return `the baseline ${renderName(version)}`;
  const label = `${model.name}@${version}`;
  const url = context.models.get(model.name)?.baselineUrl ?? null;
  const linked = url === null ? renderName(label) : `[${renderName(label)}](${url})`;
  return stage === null ? linked : `${linked} in ${escapeMarkdown(stage, 64)}`;
}

/** `fail: 1 of 4 gates`. */
export function describeVerdict(model: ModelStanding): string {
  const word = standingWords[model.standing];
  const deciding = model.gates.filter(({ gate }) => gate.severity === "fail");
  const count = (outcome: string) =>
    deciding.filter(({ gate, acceptance }) => gate.outcome === outcome && !acceptance).length;
  if (model.evidence?.comparison?.unchanged && model.standing === "pass") return "unchanged";
  if (model.evidence?.status === "training-failed") return "training failed";
  switch (model.standing) {
    case "pass":
      return deciding.length > 0 ? `${word}: ${renderPlural(deciding.length, "gate")}` : word;
    case "fail":
      return `${word}: ${count("fail")} of ${renderPlural(deciding.length, "gate")}`;
    case "inconclusive":
    case "warned":
      return `${word}: ${count("inconclusive")} of ${renderPlural(deciding.length, "gate")}`;
    default:
      return word;
  }
}

function isBad(model: ModelStanding): boolean {
  return model.standing !== "pass" && model.standing !== "not-affected";
}
