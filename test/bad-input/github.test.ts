// GitHub answers badly, from the terminal: what is said and how it exits, what is tried again, and that nothing is there twice or lost.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { type FaultRule, type LocalRegistry, startLocalRegistry } from "../commands/local-registry.ts";
import { expectClean } from "./expect-failure.ts";

let registry: LocalRegistry;
let files = 0;
beforeAll(async () => {
  registry = await startLocalRegistry();
  mkdirSync(join(registry.folder, ".github"));
  writeFileSync(join(registry.folder, ".github/modelgate.yml"), "version: 1\nmodels:\n  rain: {}\n");
  await registry.publish("the first");
});
afterAll(() => registry.stop());
beforeEach(() => registry.clearFaults());

async function run(command: string) {
  const out = { stdout: "", stderr: "" };
  const note = (stream: "stdout" | "stderr") => (text: string) => {
    out[stream] += text;
  };
  const environment = { GITHUB_REPOSITORY: registry.repository, MODELGATE_RETRY_SECONDS: "5" };
  const context = { ...registry.context, environment: { ...registry.context.environment, ...environment } };
  const words = [...command.split(" "), "--json"];
  const progress = (line: string) => note("stderr")(`${line}\n`);
  const terminal = { stdout: note("stdout"), stderr: note("stderr") };
  const status = await runProgram(words, { ...context, progress }, terminal, "0.0.0");
  expectClean(out);
  expect(out.stdout + out.stderr).not.toContain(registry.github.token);
  return { status, ...out, document: JSON.parse(out.stdout) };
}

/** A model file with bytes of its own. */
function writeModel(): string {
  const name = `model-${++files}.onnx`;
  writeFileSync(join(registry.folder, name), `the bytes of ${files}`);
  return name;
}

const everything = { method: "*", path: "/repos/*", when: "before" } as const;
const requests = async () => (await registry.call("GET", "/_local/faults")) as readonly { readonly hits: number }[];

interface Answer {
  readonly name: string;
  readonly fault: Partial<FaultRule>;
  readonly says: RegExp;
  readonly tries: number;
}

const refusals: readonly Answer[] = [
  { name: "401", fault: { status: 401 }, says: /does not accept the token[\s\S]*Bad credentials/, tries: 1 },
  { name: "403", fault: { status: 403 }, says: /may not do this[\s\S]*`contents: (read|write)`/, tries: 1 },
  {
    name: "403 with a Retry-After beyond the bound",
    fault: { status: 403, headers: { "retry-after": "3600" } },
    says: /rate limit is used up[\s\S]*wait 3600 s[\s\S]*MODELGATE_RETRY_SECONDS/,
    tries: 1,
  },
  { name: "429 without Retry-After", fault: { status: 429 }, says: /rate limit is used up/, tries: 1 },
  { name: "422", fault: { status: 422 }, says: /refuses what was asked[\s\S]*Validation Failed/, tries: 1 },
  { name: "404", fault: { status: 404 }, says: /no such thing, or the token may not see it/, tries: 2 },
];

/** Where the ledger can be read and the release cannot be found, it is gone: that is a refusal, not an outage. */
function expectFrom(command: string, { name, says }: Answer): { readonly exits: number; readonly says: RegExp } {
  const gone = name === "404" && command.startsWith("promote");
  return gone ? { exits: 1, says: /the release of rain@1.0.0 is gone/ } : { exits: 3, says };
}

describe.each(refusals)("GitHub answers $name", (answer) => {
  it.each(["publish rain --file FILE", "promote rain 1.0.0 staging", "registry list"])(
    "`%s` exits as documented, with one document, and nothing happened",
    async (command) => {
      const { fault, tries } = answer;
      const { exits, says } = expectFrom(command, answer);
      const line = command.replace("FILE", writeModel());
      const before = readdirSync(registry.folder).sort();
      await registry.setFaults([{ ...everything, times: 1000, ...fault }]);
      const { status, document } = await run(line);
      expect(status).toBe(exits);
      expect(document).toMatchObject({ kind: "error", schemaVersion: 1 });
      expect(Object.values(document.problems[0]).join("\n")).toMatch(says);
      // What is written is not tried twice.
      expect((await requests())[0]?.hits).toBe(command === "registry list" ? tries : 1);
      await registry.clearFaults();
      expect(readdirSync(registry.folder).sort()).toEqual(before);
      expect((await run("registry history")).document.events).toHaveLength(2);
    },
  );
});

describe("GitHub fails once and then answers", () => {
  it.each<[string, Partial<FaultRule>]>([
    ["403 with Retry-After", { status: 403, headers: { "retry-after": "1" } }],
    ["429 with Retry-After", { status: 429, headers: { "retry-after": "1" } }],
    ["500 with a page of HTML", { status: 500 }],
    ["a connection that is cut before", { drop: true }],
    ["half an answer", { truncate: true, when: "after" }],
    ["one 404 for a ledger that is there", { status: 404 }],
  ])("%s: the command goes on, and the ledger was never taken for empty", async (_, fault) => {
    await registry.setFaults([{ ...everything, times: 1, ...fault }]);
    const { status, document } = await run("registry verify");
    expect(status).toBe(0);
    expect(document).toMatchObject({ kind: "registry-verification", holds: true, events: 2 });
  });

  it("500 with HTML that does not end: exit 3, and the page stays unquoted", async () => {
    await registry.setFaults([{ method: "GET", path: "/repos/*", when: "before", times: 1000, status: 500 }]);
    const { status, document } = await run("registry list");
    expect(status).toBe(3);
    expect(document.problems[0]).toMatchObject({ message: expect.stringContaining("GitHub itself failed") });
    expect(JSON.stringify(document)).not.toMatch(/Unicorn|<html/);
  });
});

describe("a POST that did succeed and whose answer was cut", () => {
  it.each<[string, string]>([
    ["the tree of an event", "/repos/*/git/trees"],
    ["the commit of an event", "/repos/*/git/commits"],
    ["the release", "/repos/*/releases"],
    ["an asset", "/repos/*/releases/*/assets"],
  ])("%s: the version is published once, whole", async (_, path) => {
    const before = (await run("registry show rain")).document.models[0].versions.length;
    const file = writeModel();
    await registry.setFaults([{ method: "POST", path, when: "after", times: 1, drop: true }]);
    const first = await run(`publish rain --file ${file}`);
    expect((await requests())[0]?.hits, path).toBe(1);
    const last = first.status === 0 ? first : await run(`publish rain --file ${file}`);
    expect([0, 3]).toContain(first.status);
    expect(last.status, last.stdout).toBe(0);
    await registry.clearFaults();
    const { document } = await run("registry show rain");
    expect(document.models[0].versions).toHaveLength(before + 1);
    const releases = (await registry.call("GET", `/repos/${registry.repository}/releases?per_page=100`)) as readonly {
      readonly tag_name: string;
      readonly draft: boolean;
      readonly assets: readonly { readonly name: string }[];
    }[];
    const tag = `rain@${last.document.version}`;
    const [release, ...others] = releases.filter(({ tag_name, draft }) => draft || tag_name === tag);
    expect(others).toEqual([]);
    expect(release?.assets.map(({ name }) => name).sort()).toEqual(["manifest.json", file]);
    expect((await run("registry verify")).document).toMatchObject({ holds: true });
  });

  it("a promotion: the stage moves once", async () => {
    const before = (await run("registry history")).document.events.length;
    await registry.setFaults([{ method: "PATCH", path: "/repos/*/git/refs/*", when: "after", times: 1, drop: true }]);
    expect((await run("promote rain 1.0.0 staging")).status).toBe(0);
    await registry.clearFaults();
    const { events } = (await run("registry history")).document;
    expect(events).toHaveLength(before + 1);
    expect(events.at(-1)).toMatchObject({ event: "stage-set", version: "1.0.0", stage: "staging" });
  });
});
