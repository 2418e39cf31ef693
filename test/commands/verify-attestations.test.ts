// `registry verify --attestations` through its command, against GitHub's routes.
import { afterAll, beforeAll, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { sha256Hex } from "../../src/json/digest.ts";
import { expectNoViolations } from "../github/testing.ts";
import { createProvenance } from "../registry/provenance.ts";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";

let registry: LocalRegistry;
beforeAll(async () => {
  registry = await startLocalRegistry();
});
afterAll(() => registry.stop());

async function run(...options: readonly string[]) {
  let text = "";
  const stdout = (piece: string) => {
    text += piece;
  };
  const terminal = { stdout, stderr: () => {} };
  const command = ["registry", "verify", "--attestations", "--repo", registry.repository, ...options];
  const status = await runProgram(command, registry.context, terminal, "0.0.0");
  return { status, text };
}

const attest = (sha256: string, repository: string) =>
  registry.call("POST", `/repos/${registry.repository}/attestations`, {
    bundle: createProvenance({ sha256, repository, commit: "c".repeat(40), runId: 7 }),
  });

async function readManifestDigest(version: string): Promise<string> {
  const record = await (await registry.session()).ledger.readFile(`models/rain/versions/${version}.json`);
  return (JSON.parse(record ?? "{}") as { manifestSha256: string }).manifestSha256;
}

it("tells attested versions from others, and does not hold where provenance is of elsewhere", async () => {
  for (const bytes of ["one", "two", "three"]) await registry.publish(bytes);
  await attest(await readManifestDigest("1.0.0"), registry.repository);
  await attest(sha256Hex("two"), registry.repository);
  const good = await run();
  expect(good.status).toBe(0);
  expect(good.text).toContain("attestations: 2 attested, 1 not attested, 0 not matching");
  expect(good.text).toContain("rain@1.1.0: attested: model.onnx: by .github/workflows/main.yml of");
  expect(good.text).toContain("rain@1.2.0: not-attested");
  expect(good.text).toContain("their signatures were not checked; that does: gh release download");
  await attest(await readManifestDigest("1.2.0"), "mallory/rain");
  const bad = await run("--json");
  expect(bad.status).toBe(1);
  expect(JSON.parse(bad.text)).toMatchObject({
    holds: false,
    problems: [
      {
        problem: `rain@1.2.0: its attestation does not match: it was made in mallory/rain, not in ${registry.repository}`,
      },
    ],
    attestations: { length: 3 },
  });
  expectNoViolations(registry.github);
});
