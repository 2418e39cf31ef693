// @ts-check
// Reads the lockfile for everything an engine needs at run time, so that an action can fetch exactly those bytes.

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional?: boolean }>} [peerDependenciesMeta]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 */

/** What is provisioned together, by the name of its folder in the tool cache. */
export const engineFamilies = {
  onnxruntime: ["onnxruntime-node"],
  duckdb: ["@duckdb/node-api"],
  tfjs: [
    "@tensorflow/tfjs-core",
    "@tensorflow/tfjs-layers",
    "@tensorflow/tfjs-backend-wasm",
    "@tensorflow/tfjs-backend-cpu",
  ],
};

/** Packages that an engine needs only in an install script, which never runs here. */
const installOnly = new Set(["adm-zip", "global-agent"]);
/** Type declarations carry no code. */
const typesOnly = /^(@types\/|@webgpu\/types$)/;

/**
 * The closure of `roots` in a version 3 lockfile, as the list that `src/host/provision-engine.ts` installs from.
 * @param {{ packages: Record<string, LockedPackage> }} lock
 * @param {readonly string[]} roots
 */
export function listEnginePackages(lock, roots) {
  /** @type {Map<string, { path: string, name: string, version: string, integrity: string, os?: string[], cpu?: string[], libc?: string[] }>} */
  const found = new Map();
  /** @param {string} name @param {string} from @param {boolean} required */
  function visit(name, from, required) {
    if (installOnly.has(name) || typesOnly.test(name)) return;
    const path = resolveInLock(lock, name, from);
    if (path === undefined) {
      if (required) throw new Error(`package-lock.json has no ${name} for ${from || "the project"}`);
      return;
    }
    if (found.has(path)) return;
    const entry = lock.packages[path] ?? {};
    if (!entry.version || !entry.integrity) throw new Error(`package-lock.json has no integrity for ${path}`);
    found.set(path, {
      path,
      name,
      version: entry.version,
      integrity: entry.integrity,
      ...(entry.os && { os: entry.os }),
      ...(entry.cpu && { cpu: entry.cpu }),
      ...(entry.libc && { libc: entry.libc }),
    });
    for (const next of Object.keys(entry.dependencies ?? {})) visit(next, path, true);
    for (const next of Object.keys(entry.peerDependencies ?? {}))
      visit(next, path, entry.peerDependenciesMeta?.[next]?.optional !== true);
    for (const next of Object.keys(entry.optionalDependencies ?? {})) visit(next, path, false);
  }
  for (const root of roots) visit(root, "", true);
  return [...found.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}

/**
 * Node's own search, upwards through the nested node_modules of the lockfile.
 * @param {{ packages: Record<string, LockedPackage> }} lock
 * @param {string} name
 * @param {string} from
 */
function resolveInLock(lock, name, from) {
  let at = from;
  while (at !== "") {
    const nested = `${at}/node_modules/${name}`;
    if (lock.packages[nested]) return nested;
    at = at.includes("/node_modules/") ? at.slice(0, at.lastIndexOf("/node_modules/")) : "";
  }
  return lock.packages[`node_modules/${name}`] ? `node_modules/${name}` : undefined;
}
