// Every file that is made from the code: JSON Schemas, reference pages, tables of inputs. One line per file or family;
// `npm run generate` writes them, a test compares them with what is committed.
import { createConfigSchema, createLockSchema } from "../../src/config/json-schema.ts";
import { listActionFiles } from "./action-files.ts";
import { renderCommandsReference } from "./commands-reference.ts";
import { renderConfigReference } from "./config-reference.ts";
import { renderGatesReference } from "./gates-reference.ts";
import { renderModelsReference } from "./models-reference.ts";

export interface GeneratedFile {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
}

export function listGeneratedFiles(): readonly GeneratedFile[] {
  return [
    { path: "schema/modelgate.schema.json", text: renderJson(createConfigSchema()) },
    { path: "schema/modelgate-lock.schema.json", text: renderJson(createLockSchema()) },
    { path: "docs/reference/config.md", text: renderConfigReference() },
    { path: "docs/reference/gates.md", text: renderGatesReference() },
    { path: "docs/reference/trainers-and-runtimes.md", text: renderModelsReference() },
    { path: "docs/reference/commands.md", text: renderCommandsReference() },
    ...listActionFiles(),
  ];
}

function renderJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
