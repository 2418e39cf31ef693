// `modelgate registry verify`: check the ledger's chain, its index, all releases, and the anchors in their manifests.
import { defineCommand } from "./command.ts";
import { readCount, readText } from "./registry-input.ts";

export const registryVerify = defineCommand({
  name: "registry verify",
  summary: "check the ledger's chain, its index, all releases, and the anchors in their manifests",
  options: [
    { flags: "--model <model>", summary: "read only manifests of this model; events and index are checked whole" },
    {
      flags: "--since <event>",
      summary: "read only manifests of versions that this event or a later one made available",
    },
    {
      flags: "--until <event>",
      summary: "read only manifests of versions that this event or an earlier one made available",
    },
    { flags: "--last <count>", summary: "read the manifests of so many versions, the newest", default: "500" },
    {
      flags: "--attestations",
      summary: "ask GitHub for the provenance of those versions too; `gh attestation verify` checks its signature",
    },
  ],
  examples: [
    "modelgate registry verify",
    "modelgate registry verify --model churn --last 20 --json",
    "modelgate registry verify --until 18000",
    "modelgate registry verify --attestations --last 50",
  ],
  run: async (input, context) => {
    const { connectReader } = await import("../commands/connect-reader.ts");
    const { verify, verifyWithAttestations } = await import("../commands/registry-verify.ts");
    const { parseModelName } = await import("../registry/names.ts");
    const model = readText(input, "model");
    const scope = {
      model: model === null ? null : parseModelName(model),
      since: readCount(input, "since", 1),
      until: readCount(input, "until", 1),
      last: readCount(input, "last", 0) ?? 500,
    };
    const session = await connectReader(input, context);
    return input.options["attestations"] === true ? verifyWithAttestations(session, scope) : verify(session, scope);
  },
});
