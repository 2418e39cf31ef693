// `/rollback [MODEL] [VERSION] reason`: moves the last stage back to a version that was good, and closes the incident.

import { readBaseConfig } from "../../src/commands/read-base-config.ts";
import { InputError } from "../../src/errors.ts";
import { closeIssue, findOwnIssues } from "../../src/github/issues.ts";
import { createGitHubReleases } from "../../src/github/releases.ts";
import { parseModelName } from "../../src/registry/names.ts";
import { rollbackStage } from "../../src/registry/rollback.ts";
import { escapeMarkdown, renderName } from "../../src/report/escape.ts";
import { renderIncidentMarker } from "../../src/report/incident.ts";
import { refreshOpenPulls } from "../refresh-open-pulls.ts";
import type { Session } from "../session.ts";
import { defineSlashCommand } from "./slash-command.ts";
import { readStageAsk } from "./stage-rules.ts";

export const rollbackCommand = defineSlashCommand({
  name: "rollback",
  usage: "/rollback [MODEL] [VERSION] reason",
  summary: "moves production back to the last good version, or to the one named",
  needs: "maintain",
  run: async (words, place, session) => {
    const { model, version, reason } = await readCall(words, place.issueNumber, session);
    const ask = await readStageAsk(model, place.by, session);
    const stage = ask.stages.at(-1)?.name ?? "production";
    const ports = { ledger: session.ledger, pace: session.pace, releases: createGitHubReleases(session.repository) };
    const done = await rollbackStage(ports, { ...ask, stage, to: version, reason });
    const open = await findOwnIssues(session.repository, renderIncidentMarker(model, "rollback"), [
      session.identity.login,
    ]);
    for (const issue of open) await closeIssue(session.repository, issue.number);
    await refreshOpenPulls(session);
    return `${renderName(model)}: ${renderName(stage)} moved back from ${renderName(done.from)} to **${renderName(done.to)}**, by @${place.by}: ${escapeMarkdown(reason, 1000)}`;
  },
});

/** Model and version may be left out on the incident's own issue, or where the repository has one model. */
async function readCall(words: readonly string[], issueNumber: number, session: Session) {
  const base = await readBaseConfig(session.repository, session.defaultBranch);
  const known = [...(base?.config.models.keys() ?? [])];
  const [first = "", ...others] = words;
  const named = known.includes(first);
  const model = named
    ? first
    : ((await findIncidentModel(issueNumber, known, session)) ?? (known.length === 1 ? known[0] : undefined));
  if (model === undefined) {
    throw new InputError({
      message: "which model?",
      expected: `one of ${known.join(", ") || "none: there is no config"}`,
      received: first,
    });
  }
  const rest = named ? others : words;
  const version = /^\d+\.\d+\.\d+/.test(rest[0] ?? "") ? (rest[0] ?? null) : null;
  const reason = (version === null ? rest : rest.slice(1)).join(" ").trim();
  if (reason === "") throw new InputError({ message: "a rollback needs a reason: it stays in the ledger" });
  return { model: parseModelName(model), version, reason };
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
