// What a use case leaves behind: the edge (command line, action, App) shows it and sets the exit status.

/** The one JSON document of a command: `kind` names its shape, `schemaVersion` its version. */
export interface JsonDocument {
  readonly kind: string;
  readonly schemaVersion: number;
}

/** `exitCode` 1 means: done, and the answer is no (see the table of exit codes). Errors are thrown, not returned. */
export interface Outcome<D extends JsonDocument = JsonDocument> {
  readonly exitCode: 0 | 1;
  readonly document: D;
  /** For a terminal: aligned, without markdown, ends without a newline. */
  readonly text: string;
  /** For a workflow's step summary; already escaped. */
  readonly markdown?: string;
}
