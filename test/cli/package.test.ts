// What `npm pack` takes is whole: the command and the JavaScript interface work from it, with types, and without a clone around.
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type LocalRegistry, startLocalRegistry } from "../commands/local-registry.ts";

const root = resolve(import.meta.dirname, "../..");
const compiler = join(root, "node_modules/typescript/bin/tsc");
const run = promisify(execFile);
let registry: LocalRegistry;
let folder: string;
let installed: string;

/** The tarball, unpacked where npm would put it; its dependencies are the clone's. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "modelgate-package-"));
  const modules = join(folder, "node_modules");
  installed = join(modules, "modelgate");
  mkdirSync(modules, { recursive: true });
  await run(process.execPath, [compiler, "--project", "scripts/tsconfig.types.json"], { cwd: root });
  await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], { cwd: root });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  await run("tar", ["-xzf", join(folder, tarball), "-C", modules]);
  renameSync(join(modules, "package"), installed);
  symlinkSync(join(root, "node_modules"), join(installed, "node_modules"));
  registry = await startLocalRegistry();
  await registry.publish("bytes", { version: "1.0.0" });
  await registry.promote("1.0.0", "production");
}, 60_000);
afterAll(async () => {
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
});

it("gives a program `openRegistry` and its errors", async () => {
  const program = `import { InputError, openRegistry } from "modelgate";
    const registry = openRegistry({ repository: "${registry.repository}", apiUrl: "${registry.github.url}" });
    const { version } = await registry.resolve("rain@production");
    const { files } = await registry.download("rain@production", "model");
    const calls = [() => registry.show("snow"), () => registry.resolve("rain"), () => registry.resolve(), () => registry.download("rain@production"), () => registry.history({ limit: -1 })];
    const refused = await Promise.all(calls.map((call) => call().catch((error) => error instanceof InputError)));
    console.log(JSON.stringify([version, files.map((file) => file.name), refused]));`;
  writeFileSync(join(folder, "read.mjs"), program);
  const { stdout } = await run(process.execPath, ["read.mjs"], { cwd: folder });
  expect(JSON.parse(stdout)).toEqual(["1.0.0", ["model.onnx", "manifest.json"], [true, true, true, true, true]]);
});

it("gives it types that the strictest compiler reads", async () => {
  const program = `import { openRegistry, type Registry } from "modelgate";
    const registry: Registry = openRegistry({ repository: "org/models" });
    export const version: string = (await registry.resolve("rain@production")).version;
    // @ts-expect-error a reference is needed
    await registry.resolve();`;
  writeFileSync(join(folder, "read.mts"), program);
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--types", "", "read.mts"];
  await run(process.execPath, [compiler, ...options], { cwd: folder });
});

it("holds the command", async () => {
  const env = { PATH: process.env["PATH"] ?? "", GITHUB_API_URL: registry.github.url, MODELGATE_NO_CACHE: "1" };
  const words = ["registry", "resolve", "rain@production", "--repo", registry.repository];
  const { stdout } = await run(process.execPath, [join(installed, "bin/modelgate.mjs"), ...words], {
    cwd: folder,
    env,
  });
  expect(stdout).toBe("1.0.0\n");
});

it("holds the programs that the command runs beside itself, the demo but for one: that is of a clone", () => {
  const asked = listSources(join(root, "src")).flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/findProgram\("([a-z]+)"\)/g)].map((found) => found[1]),
  );
  expect(asked.toSorted()).toEqual(["counting", "demo", "digesting", "measure", "reading"]);
  for (const name of asked) {
    const file = `dist/${name}.${name === "measure" || name === "demo" ? "mjs" : "cjs"}`;
    expect([file, existsSync(join(installed, file))]).toEqual([file, name !== "demo"]);
  }
});

function listSources(under: string): readonly string[] {
  return readdirSync(under, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join(under, path));
}
