#!/usr/bin/env node
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
// @ts-check
// Builds dist/: the programs of a clone (command line, App, local GitHub, demo, bench; packages stay in node_modules) and,
// for the release, one self-contained bundle for all actions with a stub of ~200 bytes per action, and a small one for the processes that measure.
import { build } from "esbuild";
import { engineFamilies, listEnginePackages } from "./engine-packages.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const quiet = process.argv.includes("--quiet");
/** `--package`: what `npm pack` takes, whole and without leftovers of earlier builds. */
const whole = process.argv.includes("--package");

/** Native or very large packages: never inside a bundle. */
const engines = [
  "onnxruntime-node",
  "@duckdb/node-api",
  "@tensorflow/tfjs-node",
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-layers",
  "@tensorflow/tfjs-backend-wasm",
  "@tensorflow/tfjs-backend-cpu",
];

/** Programs of a clone by the name of their file in dist/. */
const programs = {
  cli: "src/cli/main.ts",
  index: "src/index.ts",
  app: "app/main.ts",
  "app-setup": "app/setup/main.ts",
  "local-github": "test/github/main.ts",
  demo: "demo/main.ts",
  bench: "bench/main.ts",
  simulation: "bench/simulation-worker.ts",
  measure: "src/benchmark/measuring-entry.ts",
};

/** Threads of commands and actions, each one file: as modules with chunks they take a third longer to start. */
const threads = {
  digesting: "src/host/digesting-entry.ts",
  reading: "src/data/plain/reading-entry.ts",
  counting: "src/data/counting-entry.ts",
};

async function buildPrograms() {
  const entryPoints = Object.fromEntries(Object.entries(programs).filter(([, file]) => existsSync(join(root, file))));
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir: dist,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    define: { MODELGATE_ENGINE_FILES: JSON.stringify({ "@duckdb/node-api": "./duckdb-api.cjs" }) },
    plugins: [assembleModules, bundleWorkflowParser, bundleSchemaLibrary, leaveOutLocales],
    sourcemap: "linked",
    logLevel: "warning",
  });
}

/** The hundred and eighty files of DuckDB's package as one; the native part stays a package. It lies beside the chunk that loads it. */
async function buildDuckdb() {
  await build({
    absWorkingDir: root,
    entryPoints: ["@duckdb/node-api"],
    outfile: join(dist, "chunks", "duckdb-api.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["@duckdb/node-bindings"],
    legalComments: "inline",
    logLevel: "warning",
  });
}

/** The schema library is a hundred files, and most commands read a document or the config. */
const bundleSchemaLibrary = {
  name: "bundle-schema-library",
  /** @param {import("esbuild").PluginBuild} on */
  setup(on) {
    on.onResolve({ filter: /^zod$/ }, ({ path }) => ({ path: fileURLToPath(import.meta.resolve(path)) }));
  },
};

/** Loops in WebAssembly are put together now, not by each thread that runs them: files named `…-module.ts` export nothing but their bytes. */
const assembleModules = {
  name: "assemble-modules",
  /** @param {import("esbuild").PluginBuild} on */
  setup(on) {
    on.onLoad({ filter: /[/\\]src[/\\].*-module\.ts$/ }, async ({ path }) => {
      const { outputFiles } = await build({
        entryPoints: [path],
        bundle: true,
        format: "esm",
        platform: "node",
        write: false,
      });
      const program = Buffer.from(outputFiles[0]?.contents ?? "").toString("base64");
      const exported = Object.entries(await import(`data:text/javascript;base64,${program}`));
      const lines = exported.map(([name, bytes]) => {
        const text = Buffer.from(bytes).toString("base64");
        return `export const ${name} = new Uint8Array(Buffer.from("${text}", "base64"));`;
      });
      return { contents: lines.join("\n"), loader: "js" };
    });
  },
};

/** GitHub's workflow parser imports JSON without an attribute, which node refuses: it goes into the bundle. */
const bundleWorkflowParser = {
  name: "bundle-workflow-parser",
  /** @param {import("esbuild").PluginBuild} on */
  setup(on) {
    on.onResolve({ filter: /^@actions\/(workflow-parser|expressions)/ }, ({ path }) => ({
      path: fileURLToPath(import.meta.resolve(path)),
    }));
  },
};

/** Names of the actions: the umbrella `run`, then one per folder of actions/ that has a main.ts. */
function listActions() {
  const folder = join(root, "actions");
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => existsSync(join(folder, name, "main.ts")))
        .sort()
    : [];
}

async function buildActions() {
  const names = listActions();
  if (names.length === 0) return;
  // An action loads what it needs and nothing of the others: that is most of the time a short step takes.
  const entry = names
    .map((name) => `export const ${exportName(name)} = async () => (await import("./actions/${name}/main.ts")).run();`)
    .join("\n");
  // The process that measures loads nothing but what it needs.
  await Promise.all([buildBundle("modelgate.cjs", entry), buildBeside("measure", programs.measure)]);
  for (const name of names) {
    writeFileSync(
      join(dist, `${name}.cjs`),
      `// Generated by scripts/build.mjs: starts actions/${name} from the one bundle.\nvoid require("./modelgate.cjs").${exportName(name)}();\n`,
    );
  }
}

/**
 * @param {string} name
 * @param {string} file
 */
async function buildBeside(name, file) {
  await buildBundle(`${name}.cjs`, `import "./${file}";`);
}

async function buildThreads() {
  await Promise.all(Object.entries(threads).map(([name, file]) => buildBeside(name, file)));
}

/**
 * @param {string} file
 * @param {string} entry
 */
async function buildBundle(file, entry) {
  await build({
    absWorkingDir: root,
    stdin: { contents: entry, resolveDir: root, loader: "ts", sourcefile: "actions.ts" },
    outfile: join(dist, file),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: engines,
    define: { "import.meta.url": "importMetaUrl", MODELGATE_ENGINE_PACKAGES: JSON.stringify(pinEngines()) },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    logLevel: "error",
    plugins: [assembleModules, leaveOutLocales],
  });
}

/** zod's messages in fifty languages: every problem is told in our own words. */
const leaveOutLocales = {
  name: "leave-out-locales",
  /** @param {import("esbuild").PluginBuild} on */
  setup(on) {
    on.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.c?js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};

/** What the bundle may fetch at run time, by family, with the integrity the lockfile pins. */
function pinEngines() {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  return Object.fromEntries(
    Object.entries(engineFamilies).map(([family, roots]) => [family, listEnginePackages(lock, roots)]),
  );
}

/** @param {string} name */
function exportName(name) {
  return `run${name.replace(/(^|-)([a-z])/g, (_, __, letter) => letter.toUpperCase())}`;
}

/** `npx modelgate` in a clone finds its command where npm would have linked it. */
function linkCommand() {
  const bin = join(root, "node_modules", ".bin");
  if (!existsSync(bin)) return;
  const link = join(bin, "modelgate");
  rmSync(link, { force: true });
  if (process.platform === "win32") return;
  symlinkSync("../../bin/modelgate.mjs", link);
}

/** Types of the JavaScript interface, for those who import the package. */
function writeTypes() {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const project = join(root, "scripts", "tsconfig.types.json");
  execFileSync(process.execPath, [compiler, "--project", project], { cwd: root, stdio: "inherit" });
}

// Chunks are named by their content: those of earlier builds stay for processes that run, and do not belong into a package.
if (whole) for (const folder of ["chunks", "types"]) rmSync(join(dist, folder), { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
// A program of an earlier build would be found by its name.
for (const file of readdirSync(dist))
  if (/\.mjs(\.map)?$/.test(file) && !(file.replace(/\.mjs(\.map)?$/, "") in programs)) rmSync(join(dist, file));
const started = Date.now();
await Promise.all([buildPrograms(), buildThreads(), buildDuckdb(), buildActions()]);
if (whole) writeTypes();
linkCommand();
if (!quiet) process.stdout.write(`built dist/ in ${Date.now() - started} ms\n`);
