// The log of one job: lines per step with their time, secrets masked before anything is kept.

export interface LogLine {
  readonly at: string;
  readonly text: string;
}

export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly message: string;
  readonly title: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly endLine: number | undefined;
}

const mask = "***";

/** Collects a job's output. Masks apply to everything written after they were added. */
export class JobLog {
  readonly #secrets = new Set<string>();
  readonly #now: () => Date;
  readonly lines: LogLine[][] = [];
  readonly annotations: Annotation[] = [];

  constructor(secrets: Iterable<string>, now: () => Date) {
    this.#now = now;
    for (const secret of secrets) this.addMask(secret);
  }

  /** Hides a value, each of its lines too; empty values are ignored. */
  addMask(value: string): void {
    for (const part of [value, ...value.split(/\r?\n/)]) {
      if (part.trim() !== "") this.#secrets.add(part);
    }
  }

  /** Opens the next step; later lines belong to it. */
  startStep(): void {
    this.lines.push([]);
  }

  write(text: string): void {
    if (this.lines.length === 0) this.startStep();
    this.lines.at(-1)!.push({ at: this.#now().toISOString(), text: this.hide(text) });
  }

  annotate(annotation: Annotation): void {
    this.annotations.push({ ...annotation, message: this.hide(annotation.message) });
  }

  /** The text with every masked value replaced. */
  hide(text: string): string {
    const longestFirst = [...this.#secrets].sort((left, right) => right.length - left.length);
    return longestFirst.reduce((hidden, secret) => hidden.replaceAll(secret, mask), text);
  }
}
