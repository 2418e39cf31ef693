// A registry in a repository of its own, through the built actions: each repository is asked with the token that is meant for it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolve } from "../../src/commands/registry-resolve.ts";
import { connectNamedRegistry } from "../../src/commands/registry-session.ts";
import { sha256Hex } from "../../src/json/digest.ts";
import { type LocalRegistry, startLocalRegistry } from "../commands/local-registry.ts";
import { replaceAsset } from "../commands/replace-asset.ts";
import { headSha, makeEvidence, makeGate, makeModel } from "../evidence/sample.ts";
import { makeWorkspace, runStub, workflowRun } from "./run-stub.ts";

let github: LocalRegistry;
let owner: string;
/** `code` may write the code's repository only, `registry` the registry's only; both are private. */
let tokens: { readonly code: string; readonly registry: string };
beforeAll(async () => {
  github = await startLocalRegistry();
  owner = github.github.owner;
  await github.call("POST", "/user/repos", { name: "models", auto_init: true });
  const [code, keeper] = (await Promise.all(
    [
      ["cody", "rain"],
      ["keeper", "models"],
    ].map(([login, repo]) => github.call("POST", "/_local/users", { login, repo: `${owner}/${repo}`, role: "write" })),
  )) as readonly { readonly token: string }[];
  tokens = { code: code?.token ?? "", registry: keeper?.token ?? "" };
  for (const name of ["rain", "models"]) await github.call("PATCH", `/repos/${owner}/${name}`, { private: true });
});
afterAll(() => github.stop());

/** A workspace after the jobs that trained and judged, and one action in it. */
function prepare(bytes: string) {
  const config = `version: 1\nregistry: ${owner}/models\nmodels: { rain: { gates: ["roc_auc >= 0.8"], label: y, task: binary } }\n`;
  const sha256 = sha256Hex(bytes);
  const files = [{ path: "rain.onnx", sha256, bytes: bytes.length }];
  const model = makeModel("pass", { candidate: { sha256, bytes: bytes.length, files } });
  const comparison = model.comparison && {
    ...model.comparison,
    gates: [makeGate("pass", { id: "roc_auc", rule: "roc_auc >= 0.8" })],
  };
  const workflow = { baseConfigSha256: sha256Hex(config), workflowRun: { id: 5, attempt: 1 } };
  const workspace = makeWorkspace({
    ".github/modelgate.yml": config,
    "evidence/evidence.json": JSON.stringify(makeEvidence([{ ...model, comparison }], workflow)),
    "candidates/rain/model/rain.onnx": bytes,
  });
  const surroundings = {
    ...workflowRun(workspace, github.github.url),
    GITHUB_REPOSITORY: github.repository,
    GITHUB_SHA: headSha,
    GITHUB_ACTOR: "cody",
    MODELGATE_RETRY_SECONDS: "1",
  };
  return (action: string, inputs: Record<string, string>) =>
    runStub(action, workspace, { "github-token": tokens.code, ...inputs }, surroundings);
}

const judged = { candidates: "candidates", evidence: "evidence" };
const hide = (output: string) => output.replace(/^::add-mask::.*$/gm, "");
const read = async (repository: string, path: string) =>
  (await github.call("GET", `/repos/${owner}/${repository}/${path}`)) as readonly { readonly name: string }[];

describe("`registry: OWNER/models` with `registry-token`", () => {
  test("publishes and promotes there; the code's repository stays as it is", async () => {
    const run = prepare("the bytes of rain");
    const apart = { "registry-token": tokens.registry };
    const published = await run("publish", { ...judged, ...apart });
    expect(published.status, published.output).toBe(0);
    expect(published.outputs.get("versions")).toBe('[{"model":"rain","version":"1.0.0"}]');
    const promoted = await run("promote", { versions: published.outputs.get("versions") ?? "", ...apart });
    expect(promoted.status, promoted.output).toBe(0);
    expect([promoted.outputs.get("moved"), promoted.outputs.get("held")]).toEqual(["2", "0"]);
    for (const { output, summary } of [published, promoted])
      for (const token of [tokens.registry, tokens.code]) expect(hide(output) + summary).not.toContain(token);

    const environment = { ...github.context.environment, GITHUB_TOKEN: tokens.registry };
    const session = connectNamedRegistry(`${owner}/models`, { ...github.context, environment });
    const { document } = await resolve("rain@production", session);
    expect(document).toMatchObject({ version: "1.0.0" });
    expect((await read("models", "branches")).map(({ name }) => name)).toContain("modelgate/ledger");
    expect((await read("rain", "branches")).map(({ name }) => name)).toEqual(["main"]);
    expect(await read("rain", "releases")).toEqual([]);
  });

  test("without it the workflow's own token is refused, with the input that is missing, and nothing is written", async () => {
    const before = await read("models", "releases");
    const { status, output } = await prepare("other bytes")("publish", judged);
    expect(status, output).toBe(1);
    expect(output).toMatch(/fix: .*`registry-token`/);
    expect(await read("models", "releases")).toEqual(before);
  });

  test("a release whose file was replaced by hand fails the step that would promote it", async () => {
    const run = prepare("changed later");
    const apart = { "registry-token": tokens.registry };
    const versions = (await run("publish", { ...judged, ...apart })).outputs.get("versions") ?? "";
    await replaceAsset(github, `${owner}/models`, "rain@1.1.0", "rain.onnx");
    const ledger = await github.call("GET", `/repos/${owner}/models/git/ref/heads/modelgate/ledger`);
    const { status, output } = await run("promote", { versions, ...apart });
    expect(status, output).toBe(1);
    expect(output.match(/^::error .*/gm)).toHaveLength(1);
    expect(output).toMatch(/the bytes of rain\.onnx of rain@1\.1\.0 are not those that were published/);
    expect(await github.call("GET", `/repos/${owner}/models/git/ref/heads/modelgate/ledger`)).toEqual(ledger);
  });
});
