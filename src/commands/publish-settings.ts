// What a publish is asked for.
import type { ModelSettings } from "../config/settings.ts";

export interface PublishSettings {
  readonly model: string;
  /** What the config says of the model; null = there is no config. */
  readonly config: ModelSettings | null;
  /** Folder the config's paths are relative to. */
  readonly root: string | null;
  /** Files of the model, each published under its base name; empty = the candidate's, else the config's `model`. */
  readonly files: readonly string[];
  /** Folder that a training left: `model/…`, `run-record.json`. */
  readonly candidate: string | null;
  /** Folder with `evidence.json`. */
  readonly evidence: string | null;
  /** Null = the same version for the same content, else the next. */
  readonly version: string | null;
  /** Publish as the next release candidate. */
  readonly pre?: boolean;
  /** Part of the content's identity. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Text of the model card: the release's body, and `card.md` beside the model; null = made from evidence and run record. */
  readonly card: string | null;
  /** The workflow run whose evidence counts, where it is not the publishing one; null or nothing = the publishing one. */
  readonly gatedRun?: number | null;
  /** File with the profile of the data. */
  readonly profile: string | null;
  readonly reason: string | null;
  /** Login of who publishes; null = whoever the token or the workflow run belongs to. */
  readonly actor: string | null;
  readonly dryRun?: boolean;
  /** Files larger than this become several assets. */
  readonly partBytes?: number;
}
