// Slash commands: only in new comments of people, on open issues and pull requests, by those who may; refused once, with the reason.
import { ModelgateError, type Problem } from "../../src/errors.ts";
import { createComment } from "../../src/github/comments.ts";
import { isAtLeast, type PermissionLevel, readPermission } from "../../src/github/permissions.ts";
import { escapeMarkdown } from "../../src/report/escape.ts";
import type { Session } from "../session.ts";
import { slashCommands } from "../slash-commands/catalog.ts";
import { parseSlashCommand } from "../slash-commands/parse-slash-command.ts";
import type { SlashCommand, SlashCommandPlace } from "../slash-commands/slash-command.ts";

export interface NewComment extends SlashCommandPlace {
  readonly body: string;
  readonly byPerson: boolean;
}

/** `created` only: an edited comment is not a command, for nobody is told of an edit. */
export async function handleComment(comment: NewComment, session: Session): Promise<void> {
  const call = comment.byPerson ? parseSlashCommand(comment.body) : null;
  const command = slashCommands.find((candidate) => candidate.name === call?.name);
  if (!call || !command) return;
  if (!comment.isOpen) {
    await createComment(
      session.repository,
      comment.issueNumber,
      `This is closed, so \`/${command.name}\` does nothing here.`,
    );
    return;
  }
  if (command.needs === "stage-rule") {
    await createComment(session.repository, comment.issueNumber, await run(command, call.words, comment, session));
    return;
  }
  const level = await readLevel(comment.by, session);
  const answer =
    level !== null && isAtLeast(level, command.needs)
      ? await run(command, call.words, comment, session)
      : `@${comment.by}: \`/${command.name}\` needs the right to ${command.needs} this repository${level === null ? ", and GitHub did not say whether you have it" : ""}. Nothing was changed.`;
  await createComment(session.repository, comment.issueNumber, answer);
}

/** Null when GitHub did not say: then nobody may. */
async function readLevel(login: string, session: Session): Promise<PermissionLevel | null> {
  try {
    return await readPermission(session.repository, login);
  } catch (error) {
    session.context.progress(
      `the permission of ${login} could not be read: ${error instanceof Error ? error.message : ""}`,
    );
    return null;
  }
}

async function run(
  command: SlashCommand,
  words: readonly string[],
  place: SlashCommandPlace,
  session: Session,
): Promise<string> {
  try {
    return await command.run(words, place, session);
  } catch (error) {
    if (!(error instanceof ModelgateError)) throw error;
    if (error.family === "provider") {
      session.context.progress(`/${command.name} failed: ${error.message}`);
      return `\`/${command.name}\` could not be carried out: GitHub failed. Look at what was done, then try again.`;
    }
    const lines = error.problems.map(renderProblem);
    return [
      `\`/${command.name}\` was refused. Nothing was changed.`,
      "",
      ...lines,
      "",
      `Usage: \`${command.usage}\``,
    ].join("\n");
  }
}

function renderProblem(problem: Problem): string {
  const parts = [
    problem.message,
    problem.expected === undefined ? null : `expected ${problem.expected}`,
    problem.received === undefined ? null : `received ${problem.received}`,
    problem.hint ?? null,
  ];
  return `- ${parts
    .filter((part) => part !== null)
    .map((part) => escapeMarkdown(part, 600))
    .join("; ")}`;
}
