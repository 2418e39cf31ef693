// `/accept MODEL GATE reason`: lets one gate through for the head and the evidence as they are now.
import { acceptGate } from "../../src/commands/accept-gate.ts";
import { findGateRun } from "../../src/commands/find-gate-run.ts";
import { InputError } from "../../src/errors.ts";
import { getPull } from "../../src/github/pulls.ts";
import { parseModelName } from "../../src/registry/names.ts";
import { escapeMarkdown, renderName } from "../../src/report/escape.ts";
import { reportOnPull } from "../report-on-pull.ts";
import { defineSlashCommand } from "./slash-command.ts";

export const acceptCommand = defineSlashCommand({
  name: "accept",
  usage: "/accept MODEL GATE reason",
  summary: "lets a gate through that is not passed, with a reason that stays in the ledger",
  needs: "maintain",
  run: async (words, place, session) => {
    if (!place.isPullRequest) throw new InputError("`/accept` belongs on a pull request");
    const [model, ...rest] = words;
    if (model === undefined || rest.length < 2) throw new InputError("a model, a gate and a reason are needed");
    const pull = await getPull(session.repository, place.issueNumber);
    const run = await findGateRun(session.repository, pull, session.publisher);
    const settings = {
      pull,
      run,
      model: parseModelName(model),
      words: rest.join(" "),
      by: place.by,
      publisher: session.publisher,
    };
    const { document } = await acceptGate(settings, session);
    const { obstacles } = await reportOnPull(pull, session, run);
    const before = document.state === "unchanged" ? " (it was before)" : "";
    const open = obstacles.map(
      ({ model: of, gate, reason }) =>
        `- ${gate === null ? escapeMarkdown(reason) : renderName(`/accept ${of} ${gate} reason`)}`,
    );
    return [
      `${renderName(`${document.model} ${document.gate}`)} is accepted by @${place.by}${before} for ${document.headSha.slice(0, 7)} and its present evidence: ${escapeMarkdown(document.reason, 1000)}`,
      "A new commit or a new run asks again.",
      ...(open.length > 0 ? [["Still in the way:", ...open.slice(0, 20)].join("\n")] : []),
    ].join("\n\n");
  },
});
