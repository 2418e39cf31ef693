// Turns a program's output into lines that are safe to show: secrets masked, control characters out, lengths bounded.
import { StringDecoder } from "node:string_decoder";

/** Longest line that is shown, and longest that is looked at before it is cut. Characters. */
const shown = 2_000;
const held = 65_536;

export interface LineReader {
  readonly write: (chunk: Buffer) => void;
  /** Gives what is left as the last line. */
  readonly end: () => void;
}

/** Replaces every secret of at least three characters, and each line of a secret of many lines, by `***`. */
export function createMask(secrets: readonly string[]): (text: string) => string {
  const parts = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]).map((part) => part.trim());
  const wanted = [...new Set(parts)]
    .filter((part) => part.length >= 3)
    .sort((left, right) => right.length - left.length);
  return (text) => wanted.reduce((line, secret) => line.replaceAll(secret, "***"), text);
}

/**
 * Calls `onLine` for every line. A carriage return ends a line too (progress bars). What a line has beyond 65,536
 * characters is dropped, and beyond 2,000 is not shown, so a program cannot fill the memory with one line.
 */
export function createLineReader(mask: (text: string) => string, onLine: (line: string) => void): LineReader {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const emit = (line: string) => onLine(cut(mask(line)));
  const take = (text: string) => {
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? "").slice(0, held);
    for (const line of lines) if (line.trim() !== "") emit(line);
  };
  return {
    write: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      if (rest.trim() !== "") emit(rest);
      rest = "";
    },
  };
}

/** Escape sequences of terminals and other control characters say nothing in a log and can hide what it says. */
function cut(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  const plain = line.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "").replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");
  return plain.length > shown ? `${plain.slice(0, shown)} …` : plain;
}
