// The edge of every action, and its only try/catch: inputs in, outputs, step summary, annotations and exit status out.
import * as core from "@actions/core";
import type { z } from "zod";
import type { Outcome } from "../src/commands/outcome.ts";
import { dispatchTokenVariable, registryTokenVariable } from "../src/commands/registry-session.ts";
import { ModelgateError, type Problem, relateProblem, shortenMessage } from "../src/errors.ts";
import type { Context } from "../src/host/context.ts";
import { createStop } from "../src/host/stop.ts";
import { explainSystemError } from "../src/host/system-error.ts";
import { type InputSchema, readInputs } from "./read-inputs.ts";
import { type Runner, readRunner } from "./runner.ts";

/** What an action hands back. A verdict that is no is an outcome: it fails the step only when `enforce` is not false. */
export interface ActionResult {
  readonly outcome: Outcome;
  readonly outputs: Readonly<Record<string, string | number | boolean | null>>;
  readonly enforce?: boolean;
}

/** What an action gets beside its inputs. */
export interface ActionSession {
  readonly context: Context;
  readonly runner: Runner;
}

/** GitHub drops a summary of 1 MiB or more, whole. */
const largestSummaryBytes = 1_000_000;

/**
 * Runs one action. Never throws: errors become annotations (file and line where known), each with how to fix it, and exit status 1;
 * no stack, no secret. The `github-token` input is masked and handed on as GITHUB_TOKEN.
 */
export async function runAction<S extends InputSchema>(
  schema: S,
  work: (inputs: z.infer<S>, session: ActionSession) => Promise<ActionResult>,
): Promise<void> {
  const stop = createStop();
  const onSignal = () => stop.abort(new Error("the workflow run was cancelled"));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, onSignal);
  try {
    const token = process.env["INPUT_GITHUB-TOKEN"] || process.env["GITHUB_TOKEN"] || undefined;
    const registryToken = process.env["INPUT_REGISTRY-TOKEN"] || process.env[registryTokenVariable] || undefined;
    const dispatchToken = process.env["INPUT_DISPATCH-TOKEN"] || process.env[dispatchTokenVariable] || undefined;
    for (const secret of [token, registryToken, dispatchToken]) if (secret) core.setSecret(secret);
    const context: Context = {
      folder: process.env["GITHUB_WORKSPACE"] ?? process.cwd(),
      environment: {
        ...process.env,
        GITHUB_TOKEN: token,
        [registryTokenVariable]: registryToken,
        [dispatchTokenVariable]: dispatchToken,
      },
      now: () => new Date(),
      progress: (line) => core.info(line),
      signal: stop.signal,
    };
    const inputs = readInputs(schema, process.env);
    const result = await work(inputs, { context, runner: readRunner(process.env) });
    await showResult(result);
  } catch (error) {
    showFailure(error);
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeListener(signal, onSignal);
  }
}

async function showResult({ outcome, outputs, enforce }: ActionResult): Promise<void> {
  core.info(outcome.text);
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value ?? "");
  const failed = outcome.exitCode !== 0 && enforce !== false;
  if (failed) core.setFailed(outcome.text.split("\n").find((line) => line.trim() !== "") ?? "the answer is no");
  const summary = outcome.markdown ?? `\`\`\`\`text\n${outcome.text.replaceAll("````", "'```")}\n\`\`\`\``;
  if (process.env["GITHUB_STEP_SUMMARY"] && Buffer.byteLength(summary) <= largestSummaryBytes) {
    await core.summary.addRaw(summary, true).write();
  }
}

function showFailure(thrown: unknown): void {
  const error = explainSystemError(thrown) ?? thrown;
  if (!(error instanceof ModelgateError)) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    core.setFailed(`${reason} (a bug of Modelgate; run again with debug logging for the stack, and please report it)`);
    if (error instanceof Error && error.stack) core.debug(error.stack);
    return;
  }
  const folder = process.env["GITHUB_WORKSPACE"] ?? process.cwd();
  for (const problem of error.problems.map((each) => relateProblem(each, folder)))
    core.error(describe(problem), locate(problem));
  process.exitCode = 1;
}

function describe(problem: Problem): string {
  return [
    `${problem.key ? `${problem.key}: ` : ""}${shortenMessage(problem)}`,
    problem.expected === undefined ? null : `expected: ${problem.expected}`,
    problem.received === undefined ? null : `received: ${problem.received}`,
    problem.hint === undefined ? null : `fix: ${problem.hint}`,
  ]
    .filter((line) => line !== null)
    .join("\n");
}

function locate(problem: Problem): core.AnnotationProperties {
  return {
    title: "Modelgate",
    ...(problem.file === undefined ? {} : { file: problem.file }),
    ...(problem.line === undefined ? {} : { startLine: problem.line }),
    ...(problem.column === undefined ? {} : { startColumn: problem.column }),
  };
}
