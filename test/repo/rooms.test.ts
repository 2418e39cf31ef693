// The plan of the house holds: imports run downwards, pure rooms stay pure, the App never reaches a model or its data.
import { describe, expect, test } from "vitest";
import { impureFiles, rooms } from "../../scripts/rooms.mjs";
import { listFiles, listImports, readSource } from "./source-files.ts";

const sources = listFiles(/^(src|app|actions)\/.*\.ts$/);

function findRoom(path: string) {
  return rooms.find((room) => path === room.path || path.startsWith(`${room.path}/`));
}

describe("rooms", () => {
  test("every source file lives in a room", () => {
    expect(sources.filter((path) => !findRoom(path) && path !== "src/index.ts")).toEqual([]);
  });

  test("imports run downwards", () => {
    const upward = sources.flatMap((path) => {
      const room = findRoom(path);
      return listImports(path).flatMap(({ target }) => {
        const other = findRoom(target);
        if (!room || !other || room === other || other.floor < room.floor) return [];
        return [`${path} → ${target}`];
      });
    });
    expect(upward).toEqual([]);
  });

  test("pure rooms import nothing that does I/O and read no clock, no randomness, no process", () => {
    const doors = /^(node:|@octokit|@actions|@duckdb|@tensorflow|onnxruntime|probot|undici)/;
    const reaches = /\b(Date\.now\(|new Date\(\)|Math\.random\(|process\.|globalThis\.fetch|fetch\()/;
    const impure = sources.flatMap((path) => {
      if (!findRoom(path)?.pure || impureFiles.has(path)) return [];
      const imports = listImports(path).filter(({ target, typeOnly }) => !typeOnly && doors.test(target));
      const code = readSource(path).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      const reached = reaches.exec(code)?.[0];
      return [
        ...imports.map(({ target }) => `${path} imports ${target}`),
        ...(reached ? [`${path} uses ${reached}`] : []),
      ];
    });
    expect(impure).toEqual([]);
  });

  test("listed exceptions exist and are needed", () => {
    for (const path of impureFiles.keys()) {
      expect(sources, path).toContain(path);
      expect(
        listImports(path).some(({ target }) => target.startsWith("node:")),
        `${path} needs no exception`,
      ).toBe(true);
    }
  });

  test("the App reaches neither data nor models, not even through what it imports", () => {
    const forbidden = new Set(["data", "runtimes", "training", "benchmark"]);
    const seen = new Map<string, string>();
    const queue = sources.filter((path) => path.startsWith("app/")).map((path) => [path, path] as const);
    for (let next = queue.pop(); next; next = queue.pop()) {
      const [path, via] = next;
      if (seen.has(path)) continue;
      seen.set(path, via);
      for (const { target, typeOnly } of listImports(path)) {
        if (!typeOnly && sources.includes(target)) queue.push([target, `${via} → ${target}`]);
      }
    }
    const reached = [...seen].filter(([path]) => forbidden.has(findRoom(path)?.name ?? "")).map(([, via]) => via);
    expect(reached).toEqual([]);
  });
});
