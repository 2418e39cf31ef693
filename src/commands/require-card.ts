// A stage takes a version only while its published card has the sections that the config requires now.
import type { ModelSettings } from "../config/settings.ts";
import { RefusedError } from "../errors.ts";
import type { PromoteRequest, PromotionPlan } from "../registry/promote.ts";
import { readAssetText } from "../registry/read-asset.ts";
import { findMissingSections, listPublishedSections } from "../report/card-sections.ts";
import type { RegistrySession } from "./registry-session.ts";

const cardName = "card.md";

/**
 * Reads the card beside the model as it was published; nothing is asked of GitHub where the config requires no section or
 * the stage holds the version already.
 * A version is as it was published: what its card lacks comes with the next one. @throws RefusedError naming the sections.
 */
export async function requireCard(
  model: ModelSettings | null,
  request: Pick<PromoteRequest, "model" | "version" | "stage">,
  { release }: Pick<PromotionPlan, "release">,
  { releases }: Pick<RegistrySession, "releases">,
): Promise<void> {
  const { required } = model?.card ?? { required: [] };
  if (required.length === 0 || release === null) return;
  const asset = release.assets.find(({ name }) => name === cardName);
  const card = asset === undefined ? null : await readAssetText(releases, asset);
  const missing = findMissingSections(required, listPublishedSections(card ?? ""));
  if (missing.length === 0) return;
  const { version, stage } = request;
  throw new RefusedError({
    key: `${request.model}@${version}`,
    message: `the model card of ${request.model}@${version} lacks required sections: ${missing.join(", ")}`,
    expected: required.join(", "),
    received: card === null ? `no ${cardName} beside the model` : "a card without them",
    hint: `write them, publish the next version, and promote that one to ${stage}; \`modelgate card ${request.model}\` shows what is there`,
  });
}
