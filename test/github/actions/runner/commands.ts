// The two languages in which a step talks to its runner: `::command::` lines on stdout, and the command files.

export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Reads a `::name key=value,…::message` line; undefined when the line is plain output. */
export function parseCommand(line: string): WorkflowCommand | undefined {
  const match = /^\s*::([a-zA-Z-]+)(?: ([^:].*?))?::(.*)$/s.exec(line);
  if (match === null) return undefined;
  const properties = (match[2] ?? "")
    .split(",")
    .filter((pair) => pair.includes("="))
    .map((pair): [string, string] => [
      pair.slice(0, pair.indexOf("=")).trim(),
      decode(pair.slice(pair.indexOf("=") + 1), true),
    ]);
  return { name: match[1]!, properties: Object.fromEntries(properties), message: decode(match[3] ?? "", false) };
}

function decode(text: string, isProperty: boolean): string {
  const plain = text.replaceAll("%0D", "\r").replaceAll("%0A", "\n");
  return (isProperty ? plain.replaceAll("%3A", ":").replaceAll("%2C", ",") : plain).replaceAll("%25", "%");
}

/**
 * Reads GITHUB_OUTPUT, GITHUB_ENV or GITHUB_STATE: `name=value` lines and `name<<DELIMITER` blocks, in order.
 * Throws an Error that names the line when it is neither, or when a block is not closed.
 */
export function parseCommandFile(content: string): readonly (readonly [string, string])[] {
  const lines = content.split(/\r?\n/);
  const entries: [string, string][] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]!;
    if (line === "") continue;
    const equals = line.indexOf("=");
    const block = line.indexOf("<<");
    if (block > 0 && (equals < 0 || block < equals)) {
      const delimiter = line.slice(block + 2);
      const end = lines.indexOf(delimiter, index + 1);
      if (end < 0) throw new Error(`Matching delimiter not found '${delimiter}'`);
      entries.push([line.slice(0, block), lines.slice(index + 1, end).join("\n")]);
      index = end;
    } else if (equals > 0) {
      entries.push([line.slice(0, equals), line.slice(equals + 1)]);
    } else {
      throw new Error(`Invalid format '${line}'`);
    }
  }
  return entries;
}
