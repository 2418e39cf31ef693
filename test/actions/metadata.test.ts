// action.yml and README of every action say what its schema says. `npx vitest -u` writes them anew.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type About, renderActionMetadata, renderActionReadme } from "../../actions/metadata.ts";
import type { InputSchema } from "../../actions/read-inputs.ts";

const root = join(import.meta.dirname, "../..");
const names = readdirSync(join(root, "actions"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe.each(names)("action %s", (name) => {
  test("its metadata and README are those of its inputs", async () => {
    const { Inputs, about } = (await import(`../../actions/${name}/inputs.ts`)) as {
      Inputs: InputSchema;
      about: About;
    };
    expect(about.name).toBe(name);
    const file = name === "run" ? join(root, "action.yml") : join(root, "actions", name, "action.yml");
    await expect(renderActionMetadata(about, Inputs)).toMatchFileSnapshot(file);
    await expect(renderActionReadme(about, Inputs)).toMatchFileSnapshot(join(root, "actions", name, "README.md"));
  });
});
