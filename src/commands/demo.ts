// `demo`: the whole loop on a local GitHub, as a process of its own that takes everything with it when it ends.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { InputError, ProviderError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { findProgram } from "../host/find-program.ts";
import { selectProgramEnvironment } from "../host/program-environment.ts";
import type { JsonDocument, Outcome } from "./outcome.ts";

/** Kind `demo`. `url`: the repository of the story, as long as it was served; null = it was not asked for. */
export interface DemoDocument extends JsonDocument {
  readonly kind: "demo";
  readonly played: true;
  readonly durationSeconds: number;
  readonly url: string | null;
}

export interface DemoSettings {
  /** Keep serving after the story, with its page in a browser where there is one, until the process is asked to stop. */
  readonly open: boolean;
  /** Where the program lies; default beside this one. */
  readonly program?: string;
}

const passedOn = ["DEBUG", "DISPLAY", "LOG_LEVEL", "MODELGATE_RUNNER_NODE", "WAYLAND_DISPLAY"];
const keptLines = 20;

/** Tells the story through `progress`. Throws InputError when the program is not there, ProviderError when the story stopped. */
export async function demo(settings: DemoSettings, context: Context): Promise<Outcome<DemoDocument>> {
  const program = settings.program ?? findProgram("demo");
  if (program === null || !existsSync(program)) {
    throw new InputError({
      message: "the demo is not part of this installation: dist/demo.mjs is missing",
      expected: "a clone of the project, built",
      hint: "clone the repository, then `npm ci` and `npx modelgate demo`",
    });
  }
  const started = context.now().getTime();
  const url = await play(program, settings.open, context);
  const durationSeconds = (context.now().getTime() - started) / 1000;
  return {
    exitCode: 0,
    document: { kind: "demo", schemaVersion: 1, played: true, durationSeconds, url },
    text: `the story took ${durationSeconds.toFixed(0)} s; nothing of it is left on this machine`,
  };
}

/** The address that was served, when it was asked for. */
async function play(program: string, open: boolean, context: Context): Promise<string | null> {
  const { variables } = selectProgramEnvironment(
    context.environment,
    passedOn.filter((name) => context.environment[name] !== undefined),
    {},
  );
  const child = spawn(process.execPath, [program, ...(open ? ["--open"] : [])], {
    env: { ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => child.kill("SIGINT");
  context.signal.addEventListener("abort", stop, { once: true });
  let url: string | null = null;
  const last: string[] = [];
  const listen = (line: string) => {
    context.progress(line);
    url = /^Look around: (\S+)/.exec(line)?.[1] ?? url;
    last.push(line);
    if (last.length > keptLines) last.shift();
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", listen);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  context.signal.removeEventListener("abort", stop);
  if (status === 0 || (open && context.signal.aborted)) return url;
  throw new ProviderError({
    message: "the story stopped before its end",
    received: last.filter((line) => line.trim() !== "").at(-1) ?? `status ${status}`,
    hint: "DEBUG=1 shows what the App said meanwhile",
  });
}
