// `/rollback [MODEL] [VERSION] reason`: moves the last stage back to a version that was good, and closes the incident.

import { rollback } from "../../src/commands/rollback.ts";
import type { Config } from "../../src/config/settings.ts";
import { InputError } from "../../src/errors.ts";
import { closeIssue, findOwnIssues } from "../../src/github/issues.ts";
import { escapeMarkdown, renderName } from "../../src/report/escape.ts";
import { renderIncidentMarker } from "../../src/report/incident.ts";
import { refreshOpenPulls } from "../refresh-open-pulls.ts";
import type { Session } from "../session.ts";
import { defineSlashCommand } from "./slash-command.ts";
import { findStages, readDefaultConfig, requireMaySet } from "./stage-rules.ts";
import { renderUntold } from "./untold.ts";

export const rollbackCommand = defineSlashCommand({
  name: "rollback",
  usage: "/rollback [MODEL] [VERSION] reason",
  summary: "moves production back to the last good version, or to the one named",
  needs: "stage-rule",
  run: async (words, place, session) => {
    const config = await readDefaultConfig(session);
    const { model, version, reason } = await readCall(words, config, place.issueNumber, session);
    const stages = findStages(config, model);
    await requireMaySet(stages, stages.at(-1)?.name ?? "production", place.by, session);
    const own = config.models.get(model) ?? null;
    const settings = { model, stage: null, to: version, reason, actor: place.by, stages, config: own };
    const { document } = await rollback(settings, session.under(config), session.context);
    const open = await findOwnIssues(session.repository, renderIncidentMarker(model, "rollback"), [
      session.identity.login,
    ]);
    for (const issue of open) await closeIssue(session.repository, issue.number);
    await refreshOpenPulls(session);
    return `${renderName(model)}: ${renderName(document.stage)} moved back from ${renderName(document.from ?? "nothing")} to **${renderName(document.to)}**, by @${place.by}: ${escapeMarkdown(reason, 1000)}${renderUntold(document)}`;
  },
});

/** Model and version may be left out on the incident's own issue, or where the repository has one model. */
async function readCall(words: readonly string[], config: Config, issueNumber: number, session: Session) {
  const known = [...config.models.keys()];
  const [first = "", ...others] = words;
  const named = known.includes(first);
  const model = named
    ? first
    : ((await findIncidentModel(issueNumber, known, session)) ?? (known.length === 1 ? known[0] : undefined));
  if (model === undefined) {
    throw new InputError({
      message: "which model?",
      expected: `one of ${known.join(", ")}`,
      received: first,
    });
  }
  const rest = named ? others : words;
  const version = /^\d+\.\d+\.\d+/.test(rest[0] ?? "") ? (rest[0] ?? null) : null;
  const reason = (version === null ? rest : rest.slice(1)).join(" ").trim();
  if (reason === "") throw new InputError({ message: "a rollback needs a reason: it stays in the ledger" });
  return { model, version, reason };
}

async function findIncidentModel(
  issueNumber: number,
  known: readonly string[],
  session: Session,
): Promise<string | null> {
  for (const model of known) {
    const marker = renderIncidentMarker(model, "rollback");
    const issues = await findOwnIssues(session.repository, marker, [session.identity.login]);
    if (issues.some((issue) => issue.number === issueNumber)) return model;
  }
  return null;
}
