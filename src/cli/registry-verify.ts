// `modelgate registry verify`: check the ledger's chain, its index, all releases, and the anchors in their manifests.
import { defineCommand } from "./command.ts";

export const registryVerify = defineCommand({
  name: "registry verify",
  summary: "check the ledger's chain, its index, all releases, and the anchors in their manifests",
  examples: ["modelgate registry verify", "modelgate registry verify --json"],
  run: async (input, context) => {
    const { connectReader } = await import("../commands/connect-reader.ts");
    const { verify } = await import("../commands/registry-verify.ts");
    return verify(await connectReader(input, context));
  },
});
