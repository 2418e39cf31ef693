// A rule of the config: what the schema cannot say. One function per rule, each sees the whole file and reports what it finds.

import type { PathPart } from "../document-path.ts";
import type { ConfigFile, ModelFile } from "../schema.ts";

export interface Finding {
  /** Where in the file, from its root. */
  readonly path: readonly PathPart[];
  readonly message: string;
  readonly expected?: string;
  readonly received?: string;
  readonly hint?: string;
  /** Point at the key itself instead of its value. */
  readonly at?: "key" | "value";
}

export type Report = (finding: Finding) => void;

/** A rule about one model; paths it reports start at the model. */
export type ModelRule = (model: ModelFile, report: Report, name: string) => void;

/** A rule about the whole file. */
export type ConfigRule = (config: ConfigFile, report: Report) => void;
