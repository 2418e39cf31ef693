// All routes, one file per area.

import type { Emitter } from "../events/emit.ts";
import type { Faults } from "../http/faults.ts";
import type { RateLimits } from "../http/rate-limits.ts";
import type { RequestLog } from "../http/request-log.ts";
import type { Platform } from "../platform.ts";
import type { Clock } from "../state/clock.ts";
import type { World } from "../state/founding.ts";
import type { Contract } from "../validation/check.ts";
import { addAccountRoutes } from "./accounts.ts";
import { addRepositoryRoutes } from "./repositories.ts";

/** What routes beside the platform work with. */
export interface RouteTools {
  readonly platform: Platform;
  readonly emitter: Emitter;
  readonly contract: Contract;
  readonly faults: Faults;
  readonly limits: RateLimits;
  readonly log: RequestLog;
  readonly clock: Clock;
  readonly world: World;
}

export function addRoutes(tools: RouteTools): void {
  addAccountRoutes(tools);
  addRepositoryRoutes(tools);
}
