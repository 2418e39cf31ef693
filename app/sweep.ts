// Deliveries that failed or never arrived: GitHub does not send them again by itself, so the App asks for them.
import type { GitHubClient } from "../src/github/client.ts";

/** A delivery as the App's delivery log lists it; `guid` is the same for a delivery and its redeliveries. */
export interface DeliveryEntry {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly deliveredAt: Date;
  readonly statusCode: number;
}

/** Events that the App acts on; others are not worth a request. */
const events = new Set(["check_run", "check_suite", "issue_comment", "merge_group", "pull_request", "workflow_run"]);

const mostRedeliveries = 50;
/** A delivery asked for again this often is left alone. */
const mostAttempts = 3;

/** Ids to ask for again, oldest first: of each guid the newest failed attempt, when none of its attempts was taken. */
export function chooseRedeliveries(entries: readonly DeliveryEntry[], now: Date, hours: number): readonly number[] {
  const since = now.getTime() - hours * 3_600_000;
  const byGuid = new Map<string, DeliveryEntry[]>();
  for (const entry of entries) {
    if (!events.has(entry.event) || entry.deliveredAt.getTime() < since) continue;
    byGuid.set(entry.guid, [...(byGuid.get(entry.guid) ?? []), entry]);
  }
  return [...byGuid.values()]
    .filter((attempts) => attempts.length <= mostAttempts && !attempts.some(isTaken))
    .map((attempts) => attempts.reduce((newest, next) => (next.id > newest.id ? next : newest)))
    .sort((a, b) => a.deliveredAt.getTime() - b.deliveredAt.getTime())
    .slice(0, mostRedeliveries)
    .map(({ id }) => id);
}

function isTaken({ statusCode }: DeliveryEntry): boolean {
  return statusCode >= 200 && statusCode < 300;
}

/** Asks for what was missed in the last `hours`; how many. `client` proves itself as the App, not as an installation. */
export async function sweepDeliveries(client: GitHubClient, now: Date, hours: number): Promise<number> {
  const { data } = await client.rest.apps.listWebhookDeliveries({ per_page: 100 });
  const entries = data.map((entry) => ({
    id: entry.id,
    guid: entry.guid,
    event: entry.event,
    deliveredAt: new Date(entry.delivered_at),
    statusCode: entry.status_code,
  }));
  const chosen = chooseRedeliveries(entries, now, hours);
  for (const id of chosen) await client.rest.apps.redeliverWebhookDelivery({ delivery_id: id });
  return chosen.length;
}
