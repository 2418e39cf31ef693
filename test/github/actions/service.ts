// What every part of Actions on this server works with.
import type { Platform } from "../platform.ts";
import type { Signer } from "./artifacts/signer.ts";
import type { RunnerSettings } from "./runner/order.ts";
import type { ConcurrencyGroups } from "./scheduler/concurrency.ts";
import type { JobSlots } from "./scheduler/job-slots.ts";
import type { ActionsTables } from "./state.ts";

export interface ActionsService {
  readonly platform: Platform;
  readonly tables: ActionsTables;
  readonly runner: RunnerSettings;
  readonly slots: JobSlots;
  readonly groups: ConcurrencyGroups;
  readonly signer: Signer;
  /** Runs under way by id, each with the way to cancel it. */
  readonly running: Map<number, AbortController>;
  /** Folder of logs and artifact bytes. */
  readonly folder: string;
}
