// `modelgate registry download`: download a version's files, checked against the ledger; goes on where it stopped.
import { defineCommand } from "./command.ts";
import { readArgument, readText } from "./registry-input.ts";

export const registryDownload = defineCommand({
  name: "registry download",
  summary: "download a version's files, checked against the ledger; goes on where it stopped",
  arguments: [{ name: "reference", summary: "MODEL@STAGE or MODEL@VERSION", required: true }],
  options: [
    { flags: "--out <dir>", summary: "folder for the files", required: true },
    { flags: "--model-only", summary: "without documents and manifest" },
    { flags: "--no-cache", summary: "do not ask by what this user's cache folder holds of earlier answers" },
  ],
  examples: ["modelgate registry download churn@production --out models/churn"],
  run: async (input, context) => {
    const { connectReader } = await import("../commands/connect-reader.ts");
    const { download } = await import("../commands/registry-download.ts");
    const session = await connectReader(input, context);
    const out = readText(input, "out") ?? ".";
    const modelOnly = input.options["modelOnly"] === true;
    return download({ reference: readArgument(input, 0) ?? "", out, modelOnly }, session, context);
  },
});
