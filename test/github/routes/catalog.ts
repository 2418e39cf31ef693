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
import { addAppRoutes } from "./apps.ts";
import { addArchiveRoutes } from "./archives.ts";
import { addAttestationRoutes } from "./attestations.ts";
import { addCheckRoutes } from "./checks.ts";
import { addCollaboratorRoutes } from "./collaborators.ts";
import { addCommentRoutes } from "./comments.ts";
import { addCommitRoutes } from "./commits.ts";
import { addContentRoutes } from "./contents.ts";
import { addDeploymentRoutes } from "./deployments.ts";
import { addDispatchRoutes } from "./dispatches.ts";
import { addGitDataRoutes } from "./git-data.ts";
import { addGitHttpRoutes } from "./git-http.ts";
import { addGraphqlRoutes } from "./graphql.ts";
import { addInstallationRoutes } from "./installations.ts";
import { addIssueRoutes } from "./issues.ts";
import { addLabelRoutes } from "./labels.ts";
import { addLocalRoutes } from "./local.ts";
import { addProtectionRoutes } from "./protection.ts";
import { addPullRoutes } from "./pulls.ts";
import { addRefRoutes } from "./refs.ts";
import { addReleaseAssetRoutes } from "./release-assets.ts";
import { addReleaseRoutes } from "./releases.ts";
import { addRepositoryRoutes } from "./repositories.ts";
import { addReviewRoutes } from "./reviews.ts";
import { addStatusRoutes } from "./statuses.ts";

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

const areas = [
  addAccountRoutes,
  addAppRoutes,
  addArchiveRoutes,
  addAttestationRoutes,
  addCheckRoutes,
  addCollaboratorRoutes,
  addCommentRoutes,
  addCommitRoutes,
  addContentRoutes,
  addDeploymentRoutes,
  addDispatchRoutes,
  addGitDataRoutes,
  addGitHttpRoutes,
  addGraphqlRoutes,
  addInstallationRoutes,
  addIssueRoutes,
  addLabelRoutes,
  addLocalRoutes,
  addProtectionRoutes,
  addPullRoutes,
  addRefRoutes,
  addReleaseAssetRoutes,
  addReleaseRoutes,
  addRepositoryRoutes,
  addReviewRoutes,
  addStatusRoutes,
] as const;

export function addRoutes(tools: RouteTools): void {
  for (const add of areas) add(tools);
}
