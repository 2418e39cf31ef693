// The JSON Schemas of config and lock, for editors and other tools: made from the same zod schemas that read the files.
import { z } from "zod";
import { LockFile } from "./lock-schema.ts";
import { ConfigFile } from "./schema.ts";

/** Where the schemas are published; `init` writes the first into new configs. */
export const configSchemaUrl =
  "https://raw.githubusercontent.com/modelgate/modelgate/main/schema/modelgate.schema.json";
export const lockSchemaUrl =
  "https://raw.githubusercontent.com/modelgate/modelgate/main/schema/modelgate-lock.schema.json";

/** Draft 7, which editors know best; defaults are told, not required. */
export function createConfigSchema(): Record<string, unknown> {
  return createSchema(ConfigFile, configSchemaUrl, "modelgate.yml", "The config of Modelgate: .github/modelgate.yml");
}

export function createLockSchema(): Record<string, unknown> {
  return createSchema(
    LockFile,
    lockSchemaUrl,
    "modelgate.lock",
    "Pins the training and evaluation data of each model.",
  );
}

function createSchema(schema: z.ZodType, id: string, title: string, description: string): Record<string, unknown> {
  const { $schema, ...body } = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
  return { $schema, $id: id, title, description, ...body };
}
