// The door of the App: what is refused before it costs anything, and what happens to a delivery that is taken.
import { createHmac } from "node:crypto";
import { request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhooks } from "@octokit/webhooks";
import { describe, expect, onTestFinished, test } from "vitest";
import { DeliveryMemory } from "../../app/server/deliveries.ts";
import { createWebhookServer, type Delivery } from "../../app/server/webhook-server.ts";
import { WorkQueue } from "../../app/server/work-queue.ts";

const secret = "a secret of this test";

async function start(receive: (delivery: Delivery) => Promise<void> = async () => {}) {
  const taken: Delivery[] = [];
  const failures: unknown[] = [];
  const webhooks = new Webhooks({ secret });
  const queue = new WorkQueue();
  let ready = true;
  const server = createWebhookServer(
    {
      verify: (body, signature) => webhooks.verify(body, signature),
      receive: async (delivery) => {
        taken.push(delivery);
        await receive(delivery);
      },
      deliveries: new DeliveryMemory(),
      queue,
      now: () => new Date("2026-01-01T00:00:00Z"),
      onFailure: (error) => failures.push(error),
    },
    () => ready,
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = async (body: string, more: Readonly<Record<string, string>> = {}) => {
    const headers = {
      "content-type": "application/json",
      "x-github-event": "ping",
      "x-github-delivery": "one",
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
      ...more,
    };
    const answer = await fetch(`${url}/api/github/webhooks`, { method: "POST", headers, body });
    return { status: answer.status, text: await answer.text() };
  };
  return { url, taken, failures, queue, send, stop: () => (ready = false) };
}

describe("the webhook server", () => {
  test.each([
    ["a wrong signature", { "x-hub-signature-256": `sha256=${"0".repeat(64)}` }, 400],
    ["an upper-case signature", { "x-hub-signature-256": `sha256=${"A".repeat(64)}` }, 400],
    ["a SHA-1 signature", { "x-hub-signature-256": "sha1=abc" }, 400],
    ["no signature", { "x-hub-signature-256": "" }, 400],
    ["no delivery id", { "x-github-delivery": "" }, 400],
    ["another content type", { "content-type": "application/x-www-form-urlencoded" }, 415],
  ])("refuses %s", async (_, headers, status) => {
    const { send, taken } = await start();
    expect((await send("{}", headers)).status).toBe(status);
    expect(taken).toEqual([]);
  });

  test.each(["null", "[]", '"x"', '{"a":', ""])("refuses the signed body %j", async (body) => {
    const { send, taken } = await start();
    expect((await send(body)).status).toBe(400);
    expect(taken).toEqual([]);
  });

  test("stops reading a body at the limit, announced or not", async () => {
    const { url, taken } = await start();
    const post = (headers: Record<string, string>, chunks: number) =>
      new Promise<number>((resolve) => {
        const sending = ask(`${url}/api/github/webhooks`, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-github-event": "ping",
            "x-github-delivery": "big",
            "x-hub-signature-256": `sha256=${"0".repeat(64)}`,
            ...headers,
          },
        });
        sending.on("response", (answer) => resolve(answer.statusCode ?? 0));
        sending.on("error", () => resolve(-1));
        const chunk = Buffer.alloc(1_000_000);
        for (let sent = 0; sent < chunks; sent++) sending.write(chunk);
      });
    expect(await post({ "content-length": "30000000" }, 1)).toBe(413);
    expect([413, -1]).toContain(await post({ "transfer-encoding": "chunked" }, 28));
    expect(taken).toEqual([]);
  });

  test("works on a delivery once, and again when it failed", async () => {
    let fail = true;
    const { send, taken, failures } = await start(async () => {
      if (fail) throw new Error("a secret inside");
    });
    expect(await send("{}")).toEqual({ status: 500, text: "failed\n" });
    fail = false;
    expect((await send("{}")).status).toBe(200);
    expect((await send("{}")).text).toBe("taken before\n");
    expect(taken).toHaveLength(2);
    expect(failures).toHaveLength(1);
  });

  test("keeps the order within a repository", async () => {
    const order: string[] = [];
    const { send } = await start(async ({ id }) => {
      if (id === "first") await new Promise((resolve) => setTimeout(resolve, 100));
      order.push(id);
    });
    const body = JSON.stringify({ repository: { id: 5 } });
    const first = send(body, { "x-github-delivery": "first" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([first, send(body, { "x-github-delivery": "second" })]);
    expect(order).toEqual(["first", "second"]);
  });

  test("says when it is ready, and takes nothing once it is stopping", async () => {
    const { url, send, stop, queue } = await start();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    stop();
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect((await send("{}")).status).toBe(503);
    expect(await queue.drain(1)).toBe(true);
  });
});
