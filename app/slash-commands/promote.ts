// `/promote MODEL VERSION STAGE reason`: puts a version into a stage, by the stage's rules.
import { promote } from "../../src/commands/promote.ts";
import { InputError } from "../../src/errors.ts";
import { escapeMarkdown, renderName } from "../../src/report/escape.ts";
import { refreshOpenPulls } from "../refresh-open-pulls.ts";
import { defineSlashCommand } from "./slash-command.ts";
import { findStages, readDefaultConfig, requireMaySet } from "./stage-rules.ts";
import { renderUntold } from "./untold.ts";

export const promoteCommand = defineSlashCommand({
  name: "promote",
  usage: "/promote MODEL VERSION STAGE reason",
  summary: "puts a version into a stage",
  needs: "stage-rule",
  run: async (words, place, session) => {
    const [model, version, stage, ...rest] = words;
    const reason = rest.join(" ").trim();
    if (model === undefined || version === undefined || stage === undefined || reason === "") {
      throw new InputError("a model, a version, a stage and a reason are needed");
    }
    const config = await readDefaultConfig(session);
    const stages = findStages(config, model);
    const known = config.models.get(model);
    const holdout = known === undefined ? null : { settings: known, judge: null };
    await requireMaySet(stages, stage, place.by, session);
    const settings = { model, version, stage, reason, actor: place.by, stages, holdout };
    const { document } = await promote(settings, session.under(config), session.context);
    const name = renderName(`${model}@${version}`);
    if (document.state === "unchanged") return `${name} is in ${renderName(stage)} already.`;
    await refreshOpenPulls(session);
    return `${name} is in **${renderName(stage)}** now, by @${place.by}: ${escapeMarkdown(reason, 1000)}${renderUntold(document)}`;
  },
});
