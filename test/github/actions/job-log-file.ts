// Logs and summaries of jobs, one file per job beside the state.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StepRecord } from "./runner/order.ts";
import type { ActionsService } from "./service.ts";

/** What a job's file holds: of each step its name, lines and summary. */
export type JobLogFile = readonly Pick<StepRecord, "number" | "name" | "log" | "summary">[];

export function writeJobLog(service: ActionsService, jobId: number, steps: readonly StepRecord[]): void {
  const file = pathOf(service, jobId);
  mkdirSync(join(file, ".."), { recursive: true });
  const kept: JobLogFile = steps.map(({ number, name, log, summary }) => ({ number, name, log, summary }));
  writeFileSync(file, JSON.stringify(kept));
}

/** The steps' logs; none for a job that has not ended or never ran. */
export function readJobLog(service: ActionsService, jobId: number): JobLogFile {
  const file = pathOf(service, jobId);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as JobLogFile) : [];
}

/** The log as one text, each line with its time, as GitHub serves it. */
export function renderJobLog(log: JobLogFile): string {
  const lines = log.flatMap((step) => [
    ...(step.log[0] === undefined ? [] : [`${step.log[0].at} ##[group]${step.name}`]),
    ...step.log.map((line) => `${line.at} ${line.text}`),
    ...(step.log[0] === undefined ? [] : [`${step.log.at(-1)!.at} ##[endgroup]`]),
  ]);
  return `${lines.join("\n")}\n`;
}

function pathOf(service: ActionsService, jobId: number): string {
  return join(service.folder, "logs", `${jobId}.json`);
}
