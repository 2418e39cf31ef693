// The measuring process: reads one request from stdin, measures, prints one answer. Fresh, so that nothing else ran in it.
import { ModelgateError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { measureAlone, measureTogether } from "./measure.ts";
import { MeasureRequest } from "./measurement.ts";

/** Runs the process to its end; never throws. */
export async function runMeasuringProcess(): Promise<void> {
  const context: Context = {
    folder: process.cwd(),
    environment: process.env,
    now: () => new Date(),
    progress: () => {},
    signal: new AbortController().signal,
  };
  let answer: unknown;
  try {
    const request = MeasureRequest.parse(JSON.parse(await readInput()));
    answer = {
      ok: true,
      answer: request.kind === "alone" ? await measureAlone(request, context) : await measureTogether(request, context),
    };
  } catch (error) {
    const known = error instanceof ModelgateError;
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    answer = { ok: false, family: known ? error.family : "bug", problems: known ? error.problems : [{ message }] };
  }
  process.stdout.write(JSON.stringify(answer), () => process.exit(0));
}

async function readInput(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
