// repository_dispatch: an event that somebody else makes up.
import { z } from "zod";
import { input } from "../http/call.ts";
import { empty, HttpError } from "../http/reply.ts";
import type { JsonObject } from "../json.ts";
import type { RouteTools } from "./catalog.ts";

const wish = z.object({ event_type: z.string().min(1), client_payload: z.record(z.string(), z.unknown()).optional() });

export function addDispatchRoutes({ platform }: RouteTools): void {
  platform.router.repositoryRoute(
    "POST /repos/{owner}/{repo}/dispatches",
    { permissions: ["contents:write"] },
    (call) => {
      const { event_type, client_payload } = input(call, "RepositoryDispatch", wish);
      const bad = (message: string) => new HttpError(422, `Invalid request.\n\n${message}`);
      if (event_type.length > 100) throw bad("event_type is too long (maximum is 100 characters)");
      if (Object.keys(client_payload ?? {}).length > 10)
        throw bad("No more than 10 properties are allowed; client_payload has more.");
      if (JSON.stringify(client_payload ?? {}).length > 65_535) throw bad("client_payload is too large");
      const payload = { branch: call.repository.defaultBranch, client_payload: (client_payload ?? {}) as JsonObject };
      platform.emitEvent(call.repository, "repository_dispatch", event_type, payload, call.actor);
      return empty();
    },
  );
}
