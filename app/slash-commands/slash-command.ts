// The shape of a slash command: one file per command in this folder, one line in catalog.ts.
import type { PermissionLevel } from "../../src/github/permissions.ts";
import type { Session } from "../session.ts";

/** Where the command was written, read again from GitHub. */
export interface SlashCommandPlace {
  readonly issueNumber: number;
  readonly isPullRequest: boolean;
  readonly isOpen: boolean;
  /** Login of the person who wrote the comment. */
  readonly by: string;
  readonly commentUrl: string;
}

export interface SlashCommand {
  readonly name: string;
  /** As it is typed, for the reply to a wrong call. */
  readonly usage: string;
  readonly summary: string;
  /** Least level in the repository that may give it; `stage-rule`: the command asks itself, by the `who` of the stage it moves. */
  readonly needs: PermissionLevel | "stage-rule";
  /** Does it and returns the reply (Markdown, escaped). @throws InputError or RefusedError, whose problems become the reply. */
  readonly run: (words: readonly string[], place: SlashCommandPlace, session: Session) => Promise<string>;
}

/** Gives a slash command its types; returns it as it is. */
export function defineSlashCommand(command: SlashCommand): SlashCommand {
  return command;
}
