// Prints the story as it goes: chapters, what each step decided and why, and how long it took.

export interface Narrator {
  /** Opens a chapter. */
  readonly chapter: (title: string) => void;
  /** One line of the story. */
  readonly say: (line: string) => void;
  /** Lines quoted from the product: a comment, a log, an answer. */
  readonly quote: (text: string) => void;
}

const width = 110;

/** A narrator that writes to `write` and takes the time from `now` (milliseconds). */
export function createNarrator(write: (text: string) => void, now: () => number): Narrator {
  const started = now();
  let chapters = 0;
  const clock = () => `${((now() - started) / 1000).toFixed(1).padStart(5)}s`;
  return {
    chapter(title) {
      chapters += 1;
      write(`\n${clock()}  ${chapters}. ${title}\n`);
    },
    say(line) {
      for (const part of wrap(line, width - 11)) write(`        ${part}\n`);
    },
    quote(text) {
      for (const line of text.split("\n"))
        write(`        │ ${line.length > width ? `${line.slice(0, width - 1)}…` : line}\n`);
    },
  };
}

function wrap(line: string, limit: number): string[] {
  const words = line.split(" ");
  const lines: string[] = [];
  let current = "";
  for (const word of words) {
    if (current !== "" && current.length + word.length + 1 > limit) {
      lines.push(current);
      current = `  ${word}`;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}
