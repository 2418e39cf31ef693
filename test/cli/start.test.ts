// What a short command loads before it does anything: of the built program, in a process of its own.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../../bin/modelgate.mjs", import.meta.url));
/** Loaded first; at the end it writes what `require` loaded. Modules that `import` loaded are not in there. */
const watcher = `process.on("exit", () =>
  require("node:fs").writeFileSync(process.env.LOADED, JSON.stringify(Object.keys(require.cache))));`;

describe("starting the built program", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "modelgate-start-"));
    writeFileSync(join(folder, "watcher.cjs"), watcher);
    const long = Array.from({ length: 9000 }, (_, i) => `${Math.sqrt(i + 2)},${Math.cbrt(i + 2)}`);
    writeFileSync(join(folder, "long.csv"), `a,b\n${long.join("\n")}\n`);
    const rows = Array.from({ length: 300 }, (_, i) => `${(i * 37) % 300},${"xyz"[i % 3]}`);
    writeFileSync(join(folder, "rows.csv"), `n,c\n${rows.join("\n")}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function start(...words: string[]): { readonly said: string; readonly loaded: readonly string[] } {
    const loaded = join(folder, "loaded.json");
    const said = execFileSync(process.execPath, ["--require", join(folder, "watcher.cjs"), program, ...words], {
      cwd: folder,
      env: { PATH: process.env["PATH"], LOADED: loaded },
      encoding: "utf8",
    });
    return { said, loaded: JSON.parse(readFileSync(loaded, "utf8")) as string[] };
  }

  it("loads the query engine's two hundred files as one, and its native part from its package", () => {
    const { said, loaded } = start("drift", "--reference", "rows.csv", "--current", "rows.csv", "--json");
    expect(JSON.parse(said)).toMatchObject({ kind: "drift-report", reference: { rows: 300 } });
    expect(loaded.filter((file) => file.endsWith("duckdb-api.cjs"))).toHaveLength(1);
    expect(loaded.filter((file) => file.endsWith(".node"))).toHaveLength(1);
    expect(loaded.filter((file) => file.includes("@duckdb/node-api"))).toEqual([]);
    expect(loaded.length).toBeLessThan(25);
  });

  it("says what it needs where addresses are limited", () => {
    const command = `ulimit -v 8000000; "${process.execPath}" "${program}" profile long.csv`;
    const { status, stderr } = spawnSync("sh", ["-c", command], { cwd: folder, encoding: "utf8" });
    expect(stderr).toMatch(/gives no memory to WebAssembly[\s\S]*ulimit -v unlimited/);
    expect(status).toBe(3);
  });

  it("has nothing to complain about when whoever reads it has seen enough", () => {
    const command = `"${process.execPath}" "${program}" profile long.csv --json | head -c 10`;
    const { stdout, stderr } = spawnSync("sh", ["-c", command], { cwd: folder, encoding: "utf8" });
    expect({ stdout, stderr }).toEqual({ stdout: '{"kind":"p', stderr: "" });
  });

  it("loads no engine to show its help", () => {
    const { said, loaded } = start("--help");
    expect(said).toContain("drift");
    expect(loaded.filter((file) => /duckdb|onnx|tensorflow/.test(file))).toEqual([]);
  });
});
