// The line that tells a maintainer what to type.
import { type Block, textBlock } from "./blocks.ts";
import { renderName } from "./escape.ts";
import type { ModelStanding } from "./standing.ts";

/** One command per gate that can be let through, at most five; the worst first. */
export function renderAcceptHint(models: readonly ModelStanding[]): Block[] {
  const commands = models.flatMap((model) =>
    listTargets(model).map((target) => `/accept ${model.name} ${target} the reason`),
  );
  if (commands.length === 0) return [];
  const shown = commands
    .slice(0, 5)
    .map((command) => renderName(command))
    .join(" · ");
  const several = models.some((model) => listOpenGates(model).length > 1);
  const what = several ? "each gate by itself" : "this";
  return [textBlock(`A maintainer can accept ${what} with a reason: ${shown}`)];
}

function listTargets(model: ModelStanding): readonly string[] {
  if (model.standing === "unbelieved") return ["evidence"];
  if (model.standing === "unaccepted")
    return model.changes.filter((change) => change.needsAccept && !change.acceptance).map(({ what }) => what);
  if (model.standing !== "fail" && model.standing !== "inconclusive") return [];
  const open = listOpenGates(model);
  const worstFirst = [...open].sort((a, b) => Number(b.gate.outcome === "fail") - Number(a.gate.outcome === "fail"));
  const named = worstFirst.map(({ gate: { metric, id } }) =>
    open.filter(({ gate }) => gate.metric === metric).length === 1 ? metric : id,
  );
  return [...new Set(named)];
}

/** Gates that decide and stand in the way. */
function listOpenGates({ gates }: ModelStanding) {
  return gates.filter(({ gate, acceptance }) => gate.outcome !== "pass" && gate.severity === "fail" && !acceptance);
}
