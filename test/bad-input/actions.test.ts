// GitHub answers badly to an action, as the built stub in a process: the step fails with one annotation, without the token.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { listRegistry } from "../../src/commands/registry-list.ts";
import { makeWorkspace, runStub, workflowRun } from "../actions/run-stub.ts";
import { type FaultRule, type LocalRegistry, startLocalRegistry } from "../commands/local-registry.ts";

let registry: LocalRegistry;
beforeAll(async () => {
  registry = await startLocalRegistry();
  await registry.publish("the first");
});
afterAll(() => registry.stop());

it.each<[string, Partial<FaultRule>, RegExp]>([
  ["401", { status: 401 }, /GitHub does not accept the token/],
  ["403 with a long Retry-After", { status: 403, headers: { "retry-after": "3600" } }, /rate limit is used up/],
  ["404, where the ledger can be read", { status: 404 }, /the release of rain@1.0.0 is gone/],
  ["422", { status: 422 }, /GitHub refuses what was asked/],
  ["500 with a page of HTML", { status: 500 }, /GitHub itself failed/],
  ["a connection that is cut", { drop: true }, /could not be reached/],
])("%s", async (_, fault, message) => {
  const rule = { method: "*", path: "/repos/*", when: "before", times: 1000, ...fault } as const;
  await registry.setFaults([rule]);
  const workspace = makeWorkspace({ ".github/modelgate.yml": "version: 1\nmodels:\n  rain: {}\n" });
  const surroundings = {
    ...workflowRun(workspace, `${registry.github.url}/api/v3`),
    GITHUB_REPOSITORY: registry.repository,
    MODELGATE_RETRY_SECONDS: "1",
  };
  const inputs = { model: "rain", version: "1.0.0", stage: "staging", "github-token": registry.github.token };
  const { status, output, summary } = await runStub("promote", workspace, inputs, surroundings);
  await registry.clearFaults();
  expect(status, output).toBe(1);
  expect(output.match(/^::error .*/gm), output).toHaveLength(1);
  expect(output).toMatch(message);
  // The runner reads the first and shows neither.
  expect(output.replace(/^::add-mask::.*$/gm, "") + summary).not.toContain(registry.github.token);
  expect(output).not.toMatch(/\n\s+at |a bug of Modelgate|<html/);
  expect(readdirSync(workspace)).toEqual([".github"]);
  expect(readdirSync(join(workspace, ".github"))).toEqual(["modelgate.yml"]);
});

it("left the registry as it was: one version, in no stage", async () => {
  const { document } = await listRegistry("rain", await registry.session());
  expect(document.models).toMatchObject([{ name: "rain", stages: {}, versions: [{ version: "1.0.0" }] }]);
});
