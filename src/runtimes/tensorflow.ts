// TensorFlow.js as this machine can run it: the native engine where the user installed it, else wasm, else plain JavaScript.
import { createRequire } from "node:module";
import { join } from "node:path";
import * as util from "node:util";
import { findEngineFolder, importEngine, readEngineVersion } from "../host/engines.ts";
import type { EngineDescription } from "./runtime.ts";

export interface TensorFlow {
  readonly core: typeof import("@tensorflow/tfjs-core");
  readonly layers: typeof import("@tensorflow/tfjs-layers");
  readonly engine: EngineDescription;
}

let opened: Promise<TensorFlow> | undefined;

/** Opens the engine once per process. Results are bit-for-bit the same again on the same backend, not across backends. */
export function openTensorFlow(): Promise<TensorFlow> {
  opened ??= open();
  return opened;
}

async function open(): Promise<TensorFlow> {
  const native = openNative();
  if (native) return native;
  const core = await importEngine("@tensorflow/tfjs-core");
  const layers = await importEngine("@tensorflow/tfjs-layers");
  const backend = (await startWasm(core)) ? "wasm" : await startPlain(core);
  const version = await readEngineVersion("@tensorflow/tfjs-core");
  return { core, layers, engine: { name: `tfjs-${backend}`, version, threads: 1 } };
}

/**
 * `@tensorflow/tfjs-node` beside this program, never from the repository that is being judged: its code would run here. It
 * calls functions that Node removed from `util`, so those are put back first.
 */
function openNative(): TensorFlow | undefined {
  const require = createRequire(import.meta.url);
  try {
    require.resolve("@tensorflow/tfjs-node");
  } catch {
    return undefined;
  }
  restoreRemovedUtilities(require("node:util") as Record<string, unknown>);
  try {
    const native = require("@tensorflow/tfjs-node") as TensorFlow["core"] &
      TensorFlow["layers"] & { version: { tfjs: string } };
    return {
      core: native,
      layers: native,
      engine: { name: "tfjs-node", version: String(native.version.tfjs), threads: 1 },
    };
  } catch {
    // Installed without its native addon (it is downloaded by an install script): wasm does the same work.
    return undefined;
  }
}

/** `util.isNullOrUndefined` and its kind, gone since Node 23. */
export function restoreRemovedUtilities(target: Record<string, unknown>): void {
  const removed: Record<string, (value: unknown) => boolean> = {
    isArray: Array.isArray,
    isNullOrUndefined: (value) => value === null || value === undefined,
    isNull: (value) => value === null,
    isUndefined: (value) => value === undefined,
    isString: (value) => typeof value === "string",
    isNumber: (value) => typeof value === "number",
    isBoolean: (value) => typeof value === "boolean",
    isFunction: (value) => typeof value === "function",
    isObject: (value) => value !== null && typeof value === "object",
    isPrimitive: (value) => value === null || (typeof value !== "object" && typeof value !== "function"),
    isRegExp: util.types.isRegExp,
    isDate: util.types.isDate,
    isError: util.types.isNativeError,
  };
  for (const [name, test] of Object.entries(removed)) target[name] ??= test;
}

async function startWasm(core: TensorFlow["core"]): Promise<boolean> {
  try {
    const wasm = await importEngine("@tensorflow/tfjs-backend-wasm");
    // Threads would keep the process alive after its work and gain little on networks of this size.
    core.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    wasm.setWasmPaths(`${join(await findEngineFolder("@tensorflow/tfjs-backend-wasm"), "dist")}/`);
    return (await core.setBackend("wasm")) && core.getBackend() === "wasm";
  } catch {
    return false;
  }
}

async function startPlain(core: TensorFlow["core"]): Promise<"cpu"> {
  await importEngine("@tensorflow/tfjs-backend-cpu");
  await core.setBackend("cpu");
  return "cpu";
}
