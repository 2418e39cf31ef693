import { afterAll, beforeAll, describe, it } from "vitest";
import { type HttpRegistries, startHttpRegistries } from "./http-registries.ts";
import { startMemoryRegistry } from "./memory-registry.ts";
import { runRandomSchedules } from "./random-schedules.ts";

const seed = process.env["MODELGATE_SEED"] === undefined ? undefined : Number(process.env["MODELGATE_SEED"]);

describe("random schedules with crashes leave a registry that is whole once everything was run again", () => {
  it("in memory", async () => {
    await runRandomSchedules(startMemoryRegistry, Number(process.env["MODELGATE_SCHEDULES"] ?? 200), seed);
  }, 300_000);

  describe("over HTTP", () => {
    let registries: HttpRegistries;
    beforeAll(async () => {
      registries = await startHttpRegistries();
    });
    afterAll(() => registries.stop());

    it("where every request can fail", async () => {
      await runRandomSchedules(registries.create, Number(process.env["MODELGATE_HTTP_SCHEDULES"] ?? 2), seed);
    }, 300_000);
  });
});
