// What every room of the local GitHub works with: the state, the git repositories, the routes, the clock, the events.
import type { Actor } from "./auth/actor.ts";
import type { EmittedEvent, EventListener } from "./events/event.ts";
import type { GitHost } from "./git/host.ts";
import type { Router } from "./http/router.ts";
import type { JsonObject } from "./json.ts";
import type { Permissions } from "./state/permissions.ts";
import type { Repository } from "./state/repository.ts";
import type { Store } from "./state/store.ts";

export interface Platform {
  /** `http://127.0.0.1:port`: the default origin of URLs. */
  readonly url: string;
  readonly dataFolder: string;
  readonly store: Store;
  readonly git: GitHost;
  readonly router: Router;
  /** The time as GitHub tells it; tests may set it. Expiry of tokens goes by the host's clock. */
  readonly now: () => Date;
  /** The time in GitHub's format, to the second. */
  readonly timestamp: () => string;
  /**
   * Sends an event to the Apps that subscribed to it and to the listeners of this process. `payload` is what is special to the
   * event; `action`, `repository`, `organization`, `sender` and `installation` are added.
   */
  readonly emitEvent: (
    repository: Repository,
    event: string,
    action: string | null,
    payload: JsonObject,
    actor: Actor,
  ) => EmittedEvent;
  /** Called for every event after the request that caused it was answered; returns the way to stop listening. */
  readonly onEvent: (listener: EventListener) => () => void;
  /** A token for a job of a workflow, limited to one repository and to `permissions` (`contents: "write"`, …); ends after a day. */
  readonly issueJobToken: (repository: Repository, permissions: Permissions) => string;
  /** Registers work under way, so that `idle()` waits for it. */
  readonly track: <T>(work: Promise<T>) => Promise<T>;
  /** Resolves when no delivery and no tracked work is under way. */
  readonly idle: () => Promise<void>;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
}
