// Finds the native or very large packages that are never inside a bundle, and loads them once.
import { createRequire } from "node:module";
import { join } from "node:path";
import { ProviderError } from "../errors.ts";
import type { EnginePackage } from "./provision-engine.ts";

/** Every engine by its package's name, with the type of what it exports. */
export interface Engines {
  "onnxruntime-node": typeof import("onnxruntime-node");
  "@duckdb/node-api": typeof import("@duckdb/node-api");
  "@duckdb/node-bindings": typeof import("@duckdb/node-bindings");
  "@tensorflow/tfjs-core": typeof import("@tensorflow/tfjs-core");
  "@tensorflow/tfjs-layers": typeof import("@tensorflow/tfjs-layers");
  "@tensorflow/tfjs-backend-wasm": typeof import("@tensorflow/tfjs-backend-wasm");
  "@tensorflow/tfjs-backend-cpu": typeof import("@tensorflow/tfjs-backend-cpu");
}
export type EngineName = keyof Engines;

/** Written into the bundle of the actions by scripts/build.mjs from package-lock.json; not defined in a clone. */
declare const MODELGATE_ENGINE_PACKAGES: Readonly<Record<EngineFamily, readonly EnginePackage[]>> | undefined;

/**
 * Engines whose JavaScript scripts/build.mjs has put into one file beside this one: a package of two hundred small files
 * takes three times as long to load. Their native part stays in node_modules. Not defined in sources and in the bundle of the actions.
 */
declare const MODELGATE_ENGINE_FILES: Readonly<Partial<Record<EngineName, string>>> | undefined;

/** Engines that must share one copy of their common packages are provisioned together. */
type EngineFamily = "onnxruntime" | "duckdb" | "tfjs";

const require = createRequire(import.meta.url);
const provisioned = new Map<EngineFamily, Promise<NodeJS.Require>>();

/**
 * Loads an engine: from the node_modules of the clone this program stands in, else from the runner's tool cache, which is
 * filled from the configured package registry on first use. Engines that belong together (TensorFlow.js) share one folder.
 * Throws ProviderError when it can be neither found, fetched nor loaded on this platform.
 */
export async function importEngine<N extends EngineName>(name: N): Promise<Engines[N]> {
  const finder = canResolve(require, name) ? require : await provisionOnce(name);
  try {
    return finder(finder === require ? findEntry(name) : name) as Engines[N];
  } catch (error) {
    throw new ProviderError(
      {
        message: `the engine ${name} is installed and does not load`,
        expected: `a build of it for ${process.platform}-${process.arch} and Node ${process.versions.node}`,
        received: firstLine(error),
        hint: "install the packages again on this machine (`npm ci`), or use a platform the engine supports",
      },
      { cause: error },
    );
  }
}

/** The version of an engine, as its package.json says. */
export async function readEngineVersion(name: EngineName): Promise<string> {
  const finder = canResolve(require, name) ? require : await provisionOnce(name);
  return (finder(`${name}/package.json`) as { version: string }).version;
}

/** Folder of an engine's package, for the files beside its code (TensorFlow.js's wasm). */
export async function findEngineFolder(name: EngineName): Promise<string> {
  const finder = canResolve(require, name) ? require : await provisionOnce(name);
  return join(finder.resolve(`${name}/package.json`), "..");
}

function findEntry(name: EngineName): string {
  return (typeof MODELGATE_ENGINE_FILES === "undefined" ? undefined : MODELGATE_ENGINE_FILES[name]) ?? name;
}

function provisionOnce(name: EngineName): Promise<NodeJS.Require> {
  const family = name.startsWith("@tensorflow/") ? "tfjs" : name.startsWith("@duckdb/") ? "duckdb" : "onnxruntime";
  const promise = provisioned.get(family) ?? provision(name, family);
  provisioned.set(family, promise);
  return promise;
}

async function provision(name: EngineName, family: EngineFamily): Promise<NodeJS.Require> {
  if (typeof MODELGATE_ENGINE_PACKAGES === "undefined") {
    throw new ProviderError({
      message: `the engine ${name} is not installed`,
      expected: `the package ${name} in node_modules`,
      hint: "run `npm ci` in the clone of Modelgate",
    });
  }
  const { provisionEngine } = await import("./provision-engine.ts");
  return createRequire(
    join(await provisionEngine(family, MODELGATE_ENGINE_PACKAGES[family], process.env), "engine.js"),
  );
}

function canResolve(finder: NodeJS.Require, name: string): boolean {
  try {
    finder.resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0] ?? text;
}
