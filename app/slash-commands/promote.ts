// `/promote MODEL VERSION STAGE reason`: puts a version into a stage, by the stage's rules.
import { InputError } from "../../src/errors.ts";
import { parseModelName, parseStageName, parseVersion } from "../../src/registry/names.ts";
import { promoteVersion } from "../../src/registry/promote.ts";
import { escapeMarkdown, renderName } from "../../src/report/escape.ts";
import { refreshOpenPulls } from "../refresh-open-pulls.ts";
import { defineSlashCommand } from "./slash-command.ts";
import { readStageAsk } from "./stage-rules.ts";

export const promoteCommand = defineSlashCommand({
  name: "promote",
  usage: "/promote MODEL VERSION STAGE reason",
  summary: "puts a version into a stage",
  needs: "maintain",
  run: async (words, place, session) => {
    const [modelWord, versionWord, stageWord, ...rest] = words;
    const reason = rest.join(" ").trim();
    if (modelWord === undefined || versionWord === undefined || stageWord === undefined || reason === "") {
      throw new InputError("a model, a version, a stage and a reason are needed");
    }
    const model = parseModelName(modelWord);
    const version = parseVersion(versionWord);
    const stage = parseStageName(stageWord);
    const request = { ...(await readStageAsk(model, place.by, session)), version, stage, reason };
    const { event } = await promoteVersion(session, request);
    if (event === null) return `${renderName(`${model}@${version}`)} is in ${renderName(stage)} already.`;
    await refreshOpenPulls(session);
    return `${renderName(`${model}@${version}`)} is in **${renderName(stage)}** now, by @${place.by}: ${escapeMarkdown(reason, 1000)}`;
  },
});
