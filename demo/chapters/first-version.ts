// The repository, its rules, and the first version: trained, judged, published and promoted by the workflow on main.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { writeWeather } from "../days.ts";
import { runModelgate } from "../modelgate.ts";
import { waitForRun } from "../scene.ts";
import type { World } from "../world.ts";

export async function publishFirstVersion(world: World): Promise<void> {
  const { narrator, clone, owner, repository } = world;
  narrator.chapter("A repository, the App installed, a first model on wind alone");
  cpSync(join(world.root, "examples/rain"), clone.folder, { recursive: true });
  writeWeather(world, "2014-11-30");
  clone.edit(".github/modelgate.yml", /features: \[[^\]]*\]/, "features: [wind]");
  const sha = clone.commit("Predict rain from wind");
  clone.push("main");
  await protectMain(world);
  narrator.say(`pushed ${sha.slice(0, 7)}; main now requires the check \`modelgate\` of the App`);
  const run = await waitForRun(world, "modelgate-main.yml", sha);
  narrator.say(`workflow on main: ${run.conclusion} (train → validate → publish → promote)`);
  const release = await owner.octokit.repos.getReleaseByTag({
    owner: repository.owner,
    repo: repository.name,
    tag: "rain@1.0.0",
  });
  narrator.say(`release ${release.data.tag_name}: ${release.data.assets.map((asset) => asset.name).join(", ")}`);
  await tellStages(world);
  await promoteToProduction(world, "the first model");
}

/** The owner promotes what stands in staging, with the command, and the registry is shown. */
export async function promoteToProduction(world: World, reason: string): Promise<void> {
  const staged = await runModelgate(world, world.owner, "registry", "resolve", "rain@staging");
  const version = String(staged["version"]);
  await runModelgate(world, world.owner, "promote", "rain", version, "production", "--reason", reason);
  world.narrator.say(`the owner: \`modelgate promote rain ${version} production --reason "${reason}"\``);
  await tellStages(world);
}

/** Says which version holds which stage. */
export async function tellStages(world: World): Promise<void> {
  const shown = await runModelgate(world, world.owner, "registry", "show", "rain");
  const [model] = shown["models"] as { stages: Record<string, string>; versions: { version: string }[] }[];
  const stages = Object.entries(model?.stages ?? {}).map(([stage, version]) => `${stage} = ${version}`);
  world.narrator.say(`registry: ${model?.versions.map(({ version }) => version).join(", ")} · ${stages.join(" · ")}`);
}

async function protectMain(world: World): Promise<void> {
  const { owner, name } = world.repository;
  await world.owner.octokit.repos.updateBranchProtection({
    owner,
    repo: name,
    branch: "main",
    required_status_checks: {
      strict: false,
      contexts: [],
      checks: [{ context: "modelgate", app_id: world.github.app.id }],
    },
    enforce_admins: false,
    required_pull_request_reviews: null,
    restrictions: null,
  });
}
