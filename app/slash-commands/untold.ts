// What a reply says of repositories that could not be told of a stage move.
import type { StageChangeDocument } from "../../src/commands/registry-documents.ts";
import { escapeMarkdown, renderName } from "../../src/report/escape.ts";

/** Empty when all were told; the move stands in any case. */
export function renderUntold({ notified, model, stage }: StageChangeDocument): string {
  const lines = notified.flatMap(({ repository, problem }) =>
    problem === null ? [] : [`- ${renderName(repository)} was not told: ${escapeMarkdown(problem, 300)}`],
  );
  if (lines.length === 0) return "";
  return ["", "", ...lines, `- again: ${renderName(`modelgate registry notify ${model}@${stage}`)}`].join("\n");
}
