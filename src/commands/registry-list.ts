// Use case: what the registry holds, all of it or one model.
import { parseModelName } from "../registry/names.ts";
import type { Outcome } from "./outcome.ts";
import { describeModel, type ModelDocument, type RegistryStateDocument } from "./registry-documents.ts";
import { findModelState, readRegistryState } from "./registry-reading.ts";
import type { RegistrySession } from "./registry-session.ts";

/** `model` null = all. Versions in the order of their reservation. InputError for a model that the registry does not hold. */
export async function listRegistry(
  model: string | null,
  session: Pick<RegistrySession, "ledger">,
): Promise<Outcome<RegistryStateDocument>> {
  const name = model === null ? null : parseModelName(model);
  const state = await readRegistryState(session.ledger);
  const models =
    name === null
      ? [...state].map(([each, found]) => describeModel(each, found))
      : [describeModel(name, findModelState(state, name))];
  const document: RegistryStateDocument = { kind: "registry-state", schemaVersion: 1, models };
  return { exitCode: 0, document, text: name === null ? renderModels(models) : models.map(renderModel).join("\n") };
}

function renderModels(models: readonly ModelDocument[]): string {
  if (models.length === 0) return "the registry is empty";
  const width = Math.max(...models.map((model) => model.name.length));
  return models
    .map(({ name, versions, stages }) => {
      const count = versions.filter((version) => version.state === "available").length;
      return `${name.padEnd(width)}  ${count} ${count === 1 ? "version" : "versions"}  ${renderStages(stages)}`.trimEnd();
    })
    .join("\n");
}

function renderModel({ name, versions, stages }: ModelDocument): string {
  const rows = [...versions].reverse().map((version) => {
    const held = Object.entries(stages).flatMap(([stage, held]) => (held === version.version ? [stage] : []));
    const facts = [
      version.state,
      version.verdict ?? "not judged",
      version.createdAt,
      version.createdBy,
      held.join(", "),
    ];
    return `  ${[version.version.padEnd(12), ...facts].join("  ")}`.trimEnd();
  });
  return [`${name}  ${renderStages(stages)}`.trimEnd(), ...rows].join("\n");
}

function renderStages(stages: Readonly<Record<string, string>>): string {
  return Object.entries(stages)
    .map(([stage, version]) => `${stage} ${version}`)
    .join(", ");
}
