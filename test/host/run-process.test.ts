import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { selectProgramEnvironment } from "../../src/host/program-environment.ts";
import { describeProgramEnd, type ProgramRun, runProcess } from "../../src/host/run-process.ts";
import { withTemporaryFolder } from "../../src/host/temporary-folder.ts";

function prepareRun(code: string, changes: Partial<ProgramRun> = {}): ProgramRun {
  return {
    words: [process.execPath, "-e", code],
    shell: false,
    folder: process.cwd(),
    environment: selectProgramEnvironment(process.env, [], {}),
    timeoutSeconds: 20,
    signal: new AbortController().signal,
    ...changes,
  };
}

describe("a program of the user", () => {
  it("is told by how it ends", async () => {
    const ends = await Promise.all([
      runProcess(prepareRun("process.exit(3)")),
      runProcess(prepareRun("process.kill(process.pid, 'SIGKILL')")),
      runProcess(prepareRun("setInterval(() => {}, 1000)", { timeoutSeconds: 0.3 })),
      runProcess(prepareRun("", { words: ["modelgate-no-such-program"] })),
      runProcess(prepareRun("setInterval(() => {}, 1000)", { signal: AbortSignal.timeout(200) })),
    ]);
    expect(ends.map(({ end }) => describeProgramEnd(end))).toEqual([
      "exited with status 3",
      "was killed by SIGKILL",
      "did not end within its limit of 0.3 s and was killed",
      "was not found",
      "was stopped",
    ]);
  });

  it("gets its arguments as they are: no shell reads them", async () => {
    const words = [process.execPath, "-p", "process.argv[1]", "$(echo read); `date` && true"];
    const { lastLines } = await runProcess(prepareRun("", { words }));
    expect(lastLines).toEqual(["$(echo read); `date` && true"]);
  });

  it("goes through the shell when the config says so", async () => {
    const { lastLines } = await runProcess(prepareRun("", { words: ["echo one && echo two"], shell: true }));
    expect(lastLines).toEqual(["one", "two"]);
  });

  it("takes what it started with it when its time is up", async () => {
    const code = `
      const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
      console.log(child.pid); process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);`;
    const { lastLines, end } = await runProcess(prepareRun(code, { timeoutSeconds: 4 }));
    expect(end.kind).toBe("timed-out");
    const grandchild = Number(lastLines[0]);
    for (let tries = 0; tries < 40 && isRunning(grandchild); tries += 1) await wait(50);
    expect(isRunning(grandchild)).toBe(false);
  });

  it("does not keep us waiting for a process it left behind with its output open", async () => {
    const code = `require("node:child_process").spawn("sleep", ["60"], { stdio: "inherit" }).unref(); process.exit(0)`;
    const { end } = await runProcess(prepareRun(code));
    expect(end).toEqual({ kind: "exited", exitCode: 0 });
  });

  it("keeps the last forty lines and passes every one on as it comes", async () => {
    const seen: string[] = [];
    const code = "for (let i = 1; i <= 100; i += 1) console.log('line ' + i)";
    const { lastLines } = await runProcess(prepareRun(code, { onLine: (line) => seen.push(line) }));
    expect(seen).toHaveLength(100);
    expect(lastLines).toHaveLength(40);
    expect(lastLines.at(-1)).toBe("line 100");
  });

  it("cannot fill the memory with one line, nor write to the terminal behind the text", async () => {
    const code = "process.stdout.write('\\u001b[31mred\\u001b[0m' + 'x'.repeat(3e6) + '\\nend\\n')";
    const { lastLines } = await runProcess(prepareRun(code));
    expect(lastLines[0]).toMatch(/^redx{1997} …$/);
    expect(lastLines[1]).toBe("end");
  });

  it.runIf(process.platform === "linux")("is weighed with everything it started", async () => {
    const hold = "const held = Buffer.alloc(120e6, 1);";
    const held = `${hold} setTimeout(() => held.fill(2), 1500)`;
    const code = `${hold}
      const child = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(held)}]);
      child.on("exit", () => held.fill(2));`;
    const { peakMemoryBytes } = await runProcess(prepareRun(code));
    expect(peakMemoryBytes).toBeGreaterThan(240e6);
    expect(peakMemoryBytes).toBeLessThan(600e6);
  });

  it("is not started in a folder that was taken away", async () => {
    const gone = await withTemporaryFolder(async (folder) => folder);
    const { end } = await runProcess(prepareRun("", { folder: gone }));
    expect(end.kind).toBe("not-found");
  });
});

describe("its environment", () => {
  const surroundings = {
    PATH: process.env["PATH"],
    HOME: "/home/somebody",
    DATABASE_URL: "postgres://user:hunter22@db",
    UNRELATED: "kept from it",
    GITHUB_TOKEN: "ghs_workflow_token",
    ACTIONS_RUNTIME_TOKEN: "runtime-token",
    INPUT_TOKEN: "input-token",
  };

  it("is the harmless base, what the config names and what the contract adds", () => {
    const { variables } = selectProgramEnvironment(surroundings, ["DATABASE_URL"], { MODELGATE_SEED: "7" });
    expect(Object.keys(variables).sort()).toEqual(["DATABASE_URL", "HOME", "MODELGATE_SEED", "PATH"]);
  });

  it("never holds the workflow's own tokens, whatever the config names", () => {
    for (const name of ["GITHUB_TOKEN", "GH_TOKEN", "ACTIONS_RUNTIME_TOKEN", "INPUT_TOKEN", "GITHUB_OUTPUT"]) {
      expect(() => selectProgramEnvironment({ [name]: "x" }, [name], {})).toThrow(
        `${name} is never handed to a program`,
      );
    }
  });

  it("does without what is not set: a fork's pull request gets no secrets", () => {
    expect(selectProgramEnvironment({}, ["DATABASE_URL"], {})).toEqual({ variables: {}, secrets: [] });
  });

  it("leaves its secrets out of the output, also the tokens the program was never given", async () => {
    const environment = selectProgramEnvironment(surroundings, ["DATABASE_URL"], {});
    const code =
      "console.log('url', process.env.DATABASE_URL); console.error('token ghs_workflow_token'); console.log('runtime-token')";
    const { lastLines } = await runProcess(prepareRun(code, { environment }));
    expect([...lastLines].sort()).toEqual(["***", "token ***", "url ***"]);
  });
});

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}
