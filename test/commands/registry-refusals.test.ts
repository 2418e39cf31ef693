// What GitHub refuses in the middle of a publish: said plainly, nothing visible, and whole once it is allowed.
import { afterAll, beforeAll, expect, it } from "vitest";
import { verify } from "../../src/commands/registry-verify.ts";
import { ModelgateError } from "../../src/errors.ts";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";

let registry: LocalRegistry;
beforeAll(async () => {
  registry = await startLocalRegistry();
});
afterAll(() => registry.stop());

it("a tag that a ruleset forbids: nothing is left, and the same publish ends well without the rule", async () => {
  const at = `/repos/${registry.repository}`;
  const { id } = (await registry.call("POST", `${at}/rulesets`, {
    name: "no tags of models",
    target: "tag",
    enforcement: "active",
    conditions: { ref_name: { include: ["refs/tags/rain@*"], exclude: [] } },
    rules: [{ type: "creation" }],
  })) as { readonly id: number };
  const refused = await registry.publish("bytes").then(
    () => null,
    (error: unknown) => error,
  );
  if (!(refused instanceof ModelgateError)) throw new Error("not refused");
  expect(refused.family).not.toBe("input");
  expect(JSON.stringify(refused.problems)).toContain(
    "a ruleset of the repository does not let the tag rain@1.0.0 be made",
  );
  expect(await registry.call("GET", `${at}/releases`)).toEqual([]);
  expect((await verify(await registry.session())).document).toMatchObject({ holds: true, events: 1 });
  await registry.call("DELETE", `${at}/rulesets/${id}`);
  expect((await registry.publish("bytes")).document).toMatchObject({ state: "published", version: "1.0.0" });
  expect((await verify(await registry.session())).document).toMatchObject({ holds: true, events: 2 });
});
