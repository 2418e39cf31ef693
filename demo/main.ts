// `npm run demo [-- --open]`: a model's whole life on a local GitHub, told as it happens.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createNarrator } from "./narrator.ts";
import { playStory } from "./story.ts";
import { createWorld, type World } from "./world.ts";

const help = `npm run demo            plays the whole story on a local GitHub (about a minute)
npm run demo -- --open  and keeps serving, to look around in a browser
`;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { open: { type: "boolean" }, help: { type: "boolean", short: "h" } } });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const narrator = createNarrator(
    (text) => process.stdout.write(text),
    () => performance.now(),
  );
  let world: World | undefined;
  try {
    world = await createWorld(root, narrator);
    await playStory(world);
    if (values.open) await keepServing(world);
    return 0;
  } catch (error) {
    process.stderr.write(
      `\nthe story stopped: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 1;
  } finally {
    await world?.stop();
  }
}

async function keepServing(world: World): Promise<void> {
  const { owner, name } = world.repository;
  const url = `${world.github.url}/${owner}/${name}`;
  process.stdout.write(`\nLook around: ${url}   (Ctrl-C ends it and removes everything)\n`);
  openInBrowser(url);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
}

/** Where there is a screen; a browser that does not start is no matter, for the address was printed. */
function openInBrowser(url: string): void {
  const { env, platform } = process;
  if (env["CI"] || (platform === "linux" && !env["DISPLAY"] && !env["WAYLAND_DISPLAY"])) return;
  const [program, ...words] =
    platform === "darwin" ? ["open"] : platform === "win32" ? ["cmd", "/c", "start", ""] : ["xdg-open"];
  const child = spawn(program ?? "xdg-open", [...words, url], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}

process.exitCode = await main();
