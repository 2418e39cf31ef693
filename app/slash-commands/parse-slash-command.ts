// Finds the command in a comment: its first line, when that line is one, and nothing of quotes, code or HTML comments.

export interface SlashCommandCall {
  /** Without the slash, lower case: `accept`. */
  readonly name: string;
  readonly words: readonly string[];
}

const longestLineCharacters = 2000;

/**
 * The command on the first line of a comment, or null. A line that is indented by four spaces or a tab is code, one that begins with
 * `>` a quote; neither is a command, nor is anything after the first line.
 */
export function parseSlashCommand(body: string): SlashCommandCall | null {
  const line = body.replaceAll("\r\n", "\n").split("\n")[0] ?? "";
  if (line.length > longestLineCharacters) return null;
  const match = /^ {0,3}\/([a-z][a-z-]{0,30})(?:[ \t]+(.*))?$/.exec(line);
  if (!match) return null;
  const [, name = "", rest = ""] = match;
  return { name, words: rest.split(/[ \t]+/).filter((word) => word !== "") };
}
