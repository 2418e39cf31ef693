// The line that tells a maintainer what to type.
import { type Block, textBlock } from "./blocks.ts";
import { renderName } from "./escape.ts";
import type { ModelStanding } from "./standing.ts";

/** One command per model that can be let through, at most five. */
export function renderAcceptHint(models: readonly ModelStanding[]): Block[] {
  const commands = models.flatMap((model) => {
    const target = findTarget(model);
    return target === null ? [] : [`/accept ${model.name} ${target} the reason`];
  });
  if (commands.length === 0) return [];
  const shown = commands
    .slice(0, 5)
    .map((command) => renderName(command))
    .join(" · ");
  const several = models.some((model) => listOpenGates(model).length > 1);
  const what = several ? "each gate by itself" : "this";
  return [textBlock(`A maintainer can accept ${what} with a reason: ${shown}`)];
}

function findTarget(model: ModelStanding): string | null {
  if (model.standing === "unbelieved") return "evidence";
  if (model.standing === "unaccepted")
    return model.changes.find((change) => change.needsAccept && !change.acceptance)?.what ?? null;
  if (model.standing !== "fail" && model.standing !== "inconclusive") return null;
  const open = listOpenGates(model);
  const worst = open.find(({ gate }) => gate.outcome === "fail") ?? open[0];
  if (!worst) return null;
  const { metric, id } = worst.gate;
  return open.filter(({ gate }) => gate.metric === metric).length === 1 ? metric : id;
}

/** Gates that decide and stand in the way. */
function listOpenGates({ gates }: ModelStanding) {
  return gates.filter(({ gate, acceptance }) => gate.outcome !== "pass" && gate.severity === "fail" && !acceptance);
}
