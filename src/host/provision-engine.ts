// Fills the runner's tool cache with an engine: the tarballs the lockfile names, from the registry npm is configured with.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, normalize, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { ProviderError } from "../errors.ts";
import { fetchTarball, findPackageRegistry, type PackageRegistry } from "./package-registry.ts";

/** One package of the lockfile. `path` is where it goes, relative to the folder: `node_modules/a/node_modules/b`. */
export interface EnginePackage {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** As in the lockfile: `sha512-<base64>`. */
  readonly integrity: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the folder whose `node_modules` holds `packages`, filling it first if need be. A half-filled folder is never
 * seen: packages are unpacked beside it and renamed; of two that fill it at once one wins and both use it.
 * Throws ProviderError when the registry cannot be reached or its bytes are not those of the lockfile.
 */
export async function provisionEngine(
  family: string,
  packages: readonly EnginePackage[],
  environment: Environment,
): Promise<string> {
  const wanted = packages.filter(runsHere);
  const cache = join(environment["RUNNER_TOOL_CACHE"] || join(tmpdir(), "modelgate-tools"), "modelgate-engines");
  const folder = join(cache, nameCacheFolder(family, wanted));
  const mark = join(folder, "complete.json");
  if (existsSync(mark)) return folder;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, ".filling-"));
  try {
    const registry = await findPackageRegistry(environment);
    for (const item of wanted) await installPackage(item, registry, draft);
    await writeFile(join(draft, "complete.json"), JSON.stringify(wanted.map((item) => `${item.name}@${item.version}`)));
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(mark)) throw error;
    });
    return folder;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Names the platform and the exact bytes, so that another lockfile never meets this folder. */
function nameCacheFolder(family: string, packages: readonly EnginePackage[]): string {
  const digest = createHash("sha256").update(packages.map((item) => `${item.path} ${item.integrity}`).join("\n"));
  return `${family}-${process.platform}-${process.arch}-${digest.digest("hex").slice(0, 16)}`;
}

function runsHere(item: EnginePackage): boolean {
  const fits = (list: readonly string[] | undefined, value: string) => list === undefined || list.includes(value);
  return fits(item.os, process.platform) && fits(item.cpu, process.arch) && fits(item.libc, findLibc());
}

/** `glibc` or `musl`; the empty string where there is neither. */
function findLibc(): string {
  if (process.platform !== "linux") return "";
  const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return report.header.glibcVersionRuntime ? "glibc" : "musl";
}

async function installPackage(item: EnginePackage, registry: PackageRegistry, folder: string): Promise<void> {
  const tarball = join(folder, "package.tgz");
  await pipeline(await fetchTarball(registry, item.name, item.version), createWriteStream(tarball));
  await checkIntegrity(tarball, item);
  await unpack(tarball, join(folder, item.path));
  await rm(tarball);
}

async function checkIntegrity(tarball: string, item: EnginePackage): Promise<void> {
  const [algorithm = "", expected = ""] = item.integrity.split(/-(.*)/s);
  const hash = createHash(algorithm === "sha512" ? "sha512" : "sha256");
  await pipeline(createReadStream(tarball), hash);
  const received = hash.digest("base64");
  if (received === expected && algorithm === "sha512") return;
  throw new ProviderError({
    message: `the package registry sent other bytes for ${item.name}@${item.version} than the lockfile pins`,
    expected: item.integrity,
    received: `sha512-${received}`,
    hint: "nothing was installed; check which registry npm is configured with (`npm config get registry`)",
  });
}

/** Unpacks `package/…` of a tarball whose bytes were checked; binaries for other platforms stay out. */
async function unpack(tarball: string, folder: string): Promise<void> {
  const { extract } = await import("tar-stream");
  const entries = extract();
  const reading = pipeline(createReadStream(tarball), createGunzip(), entries);
  const writing = (async () => {
    for await (const entry of entries) {
      const path = normalize(entry.header.name.split("/").slice(1).join("/"));
      const skip = entry.header.type !== "file" || path.startsWith("..") || path.startsWith(sep) || isForeign(path);
      if (skip) {
        entry.resume();
        continue;
      }
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      await pipeline(entry, createWriteStream(target, { mode: 0o644 }));
    }
  })();
  await Promise.all([reading, writing]);
}

/** `bin/napi-v6/<platform>/<arch>/…` of another machine: 240 of onnxruntime-node's 288 MB. */
function isForeign(path: string): boolean {
  const found = /(?:^|[\\/])napi-v\d+[\\/](\w+)[\\/](\w+)[\\/]/.exec(path);
  return found !== null && (found[1] !== process.platform || found[2] !== process.arch);
}
