// Which deliveries are asked for again.
import { describe, expect, test } from "vitest";
import { chooseRedeliveries, type DeliveryEntry } from "../../app/sweep.ts";

const now = new Date("2026-01-01T12:00:00Z");
const entry = (id: number, more: Partial<DeliveryEntry> = {}): DeliveryEntry => ({
  id,
  guid: `guid-${id}`,
  event: "workflow_run",
  deliveredAt: new Date("2026-01-01T11:00:00Z"),
  statusCode: 500,
  ...more,
});

describe("chooseRedeliveries", () => {
  test("asks for what failed or got no answer, oldest first", () => {
    const entries = [
      entry(3),
      entry(2, { statusCode: 0, deliveredAt: new Date("2026-01-01T10:00:00Z") }),
      entry(1, { statusCode: 200 }),
    ];
    expect(chooseRedeliveries(entries, now, 6)).toEqual([2, 3]);
  });

  test.each<[string, readonly DeliveryEntry[]]>([
    ["what was taken at a later attempt", [entry(1, { guid: "same" }), entry(2, { guid: "same", statusCode: 202 })]],
    ["what is older than the window", [entry(1, { deliveredAt: new Date("2026-01-01T01:00:00Z") })]],
    ["events that nobody acts on", [entry(1, { event: "star" })]],
    ["what failed four times", [1, 2, 3, 4].map((id) => entry(id, { guid: "same" }))],
  ])("leaves alone %s", (_, entries) => {
    expect(chooseRedeliveries(entries, now, 6)).toEqual([]);
  });

  test("asks for the newest attempt of a delivery", () => {
    expect(chooseRedeliveries([entry(1, { guid: "same" }), entry(2, { guid: "same" })], now, 6)).toEqual([2]);
  });
});
