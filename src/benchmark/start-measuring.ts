// Starts a measuring process and reads its answer.
import { spawn } from "node:child_process";
import type { z } from "zod";
import { InputError, type Problem, ProviderError, RefusedError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { findProgram } from "../host/find-program.ts";
import { selectProgramEnvironment } from "../host/program-environment.ts";
import { MeasureAnswer, type MeasureRequest } from "./measurement.ts";

const limits = { answerBytes: 10_000_000, beyondBudgetSeconds: 120 };

/**
 * Sends one request to a fresh process and gives its answer in the shape of `schema`. The process gets no secrets. Throws what
 * it threw (InputError for a broken model), or ProviderError when it died or did not answer in time.
 */
export async function measureInProcess<T>(request: MeasureRequest, schema: z.ZodType<T>, context: Context): Promise<T> {
  const text = await runChild(request, context);
  const parsed = MeasureAnswer.safeParse(parseJson(text));
  if (!parsed.success) throw createFailure("it gave no answer", text.slice(0, 500));
  const answer = parsed.data;
  if (answer.ok) return schema.parse(answer.answer);
  const problems = answer.problems as Problem[];
  if (answer.family === "input") throw new InputError(problems);
  if (answer.family === "refused") throw new RefusedError(problems);
  throw new ProviderError(problems);
}

function runChild(request: MeasureRequest, context: Context): Promise<string> {
  const program = findProgram("measure");
  if (!program) throw createFailure("its program is missing", "no measure.mjs; run `npm run build`");
  const tools = ["RUNNER_TOOL_CACHE", "NODE_PATH", "npm_config_registry", "NPM_CONFIG_REGISTRY"];
  const named = tools.filter((name) => context.environment[name] !== undefined);
  const timeout = AbortSignal.timeout((request.budgetSeconds + limits.beyondBudgetSeconds) * 1000);
  const child = spawn(process.execPath, [program], {
    cwd: context.folder,
    env: { ...selectProgramEnvironment(context.environment, named, {}).variables },
    stdio: ["pipe", "pipe", "pipe"],
    signal: AbortSignal.any([context.signal, timeout]),
    killSignal: "SIGKILL",
  });
  const parts: Buffer[] = [];
  let bytes = 0;
  let complaints = "";
  child.stdout.on("data", (part: Buffer) => {
    bytes += part.byteLength;
    if (bytes <= limits.answerBytes) parts.push(part);
  });
  child.stderr.on("data", (part: Buffer) => {
    complaints = (complaints + part.toString("utf8")).slice(-2_000);
  });
  child.stdin.on("error", () => {
    // It died before it read its request; how it ended says more.
  });
  child.stdin.end(JSON.stringify(request));
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(createFailure("it was stopped or did not start", error.message)));
    child.once("close", (exitCode, signal) => {
      if (exitCode === 0) resolve(Buffer.concat(parts).toString("utf8"));
      else reject(createFailure(`it ended with ${signal ?? `status ${exitCode}`}`, complaints.trim()));
    });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function createFailure(message: string, received: string): ProviderError {
  return new ProviderError({ message: `the measuring process failed: ${message}`, received });
}
