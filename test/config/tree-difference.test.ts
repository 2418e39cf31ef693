import { describe, expect, it } from "vitest";
import { findTreeDifference } from "../../src/config/tree-difference.ts";

const tree = (files: Readonly<Record<string, string>>) => new Map(Object.entries(files));
const gated = { "churn/train.py": "a", ".github/modelgate.yml": "c", "modelgate.lock": "l", "docs/x.md": "1" };

describe("whether a merge is what was gated", () => {
  it("looks at what the model's paths hold, and at nothing else", () => {
    const merged = { ...gated, "docs/x.md": "2", "other/new.py": "b" };
    expect(findTreeDifference(["churn/**"], tree(gated), tree(merged))).toBeNull();
    expect(findTreeDifference(["**"], tree(gated), tree(merged))).toBe("docs/x.md");
  });

  it.each([
    ["a changed file", { ...gated, "churn/train.py": "b" }, "churn/train.py"],
    ["a new file, also a hidden one", { ...gated, "churn/.env": "b" }, "churn/.env"],
    ["a file that is gone", { ".github/modelgate.yml": "c", "modelgate.lock": "l" }, "churn/train.py"],
    ["another lock", { ...gated, "modelgate.lock": "m" }, "modelgate.lock"],
    ["another config", { ...gated, ".github/modelgate.yml": "d" }, ".github/modelgate.yml"],
  ])("finds %s", (_name, merged, path) => {
    expect(findTreeDifference(["churn/**"], tree(gated), tree(merged))).toBe(path);
  });
});
