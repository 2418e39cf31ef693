// The unmodified @actions/artifact, in a worker thread: it reads its settings from the environment, and a worker has its own.
import { Worker } from "node:worker_threads";
import type { JsonValue } from "../workflow/expressions.ts";
import { actionVariables } from "./environment.ts";
import type { JobState } from "./job-state.ts";

interface FindBy {
  readonly token: string;
  readonly workflowRunId: number;
  readonly repositoryOwner: string;
  readonly repositoryName: string;
}

export type ArtifactCall =
  | {
      readonly call: "uploadArtifact";
      readonly name: string;
      readonly files: readonly string[];
      readonly root: string;
      readonly retentionDays: number | undefined;
    }
  | { readonly call: "listArtifacts"; readonly findBy: FindBy | undefined }
  | { readonly call: "deleteArtifact"; readonly name: string }
  | {
      readonly call: "downloadArtifact";
      readonly id: number;
      readonly path: string;
      readonly expectedHash: string | undefined;
      readonly findBy: FindBy | undefined;
    };

type Answer = { readonly value: Readonly<Record<string, JsonValue>> } | { readonly error: string };

/** One call at a time per worker; the library's own output goes to the caller's log. */
const program = `
const { parentPort, workerData } = require("node:worker_threads");
const loaded = import(workerData.module);
let turn = Promise.resolve();
parentPort.on("message", ({ environment, request }) => { turn = turn.then(() => answer(environment, request)); });
async function answer(environment, request) {
  for (const [name, value] of Object.entries(environment)) process.env[name] = value;
  try {
    const client = new (await loaded).DefaultArtifactClient();
    const findBy = request.findBy;
    const value =
      request.call === "uploadArtifact"
        ? await client.uploadArtifact(request.name, request.files, request.root, { retentionDays: request.retentionDays })
      : request.call === "listArtifacts"
        ? await client.listArtifacts({ latest: true, findBy })
      : request.call === "deleteArtifact"
        ? await client.deleteArtifact(request.name)
        : await client.downloadArtifact(request.id, { path: request.path, expectedHash: request.expectedHash, findBy });
    parentPort.postMessage({ value: JSON.parse(JSON.stringify(value)) });
  } catch (error) {
    parentPort.postMessage({ error: String(error && error.message || error) });
  }
}
`;

let turn: Promise<unknown> = Promise.resolve();
let worker: Worker | undefined;

/** Makes one call of the library with the job's variables. Throws its error's message. */
export function callArtifactClient(
  state: JobState,
  request: ArtifactCall,
): Promise<Readonly<Record<string, JsonValue>>> {
  const environment = {
    ...actionVariables(state.order, state.settings),
    GITHUB_SERVER_URL: state.settings.displayUrl,
    GITHUB_API_URL: state.settings.url,
    GITHUB_WORKSPACE: state.folders.workspace,
    RUNNER_TEMP: state.folders.temp,
  };
  const answered = turn.then(() => ask({ environment, request }, (line) => state.log.write(line)));
  turn = answered.catch(() => undefined);
  return answered;
}

function ask(message: unknown, onLine: (line: string) => void): Promise<Readonly<Record<string, JsonValue>>> {
  const current = worker ?? startWorker();
  worker = current;
  return new Promise((resolve, reject) => {
    const onOutput = (chunk: Buffer): void => {
      for (const line of chunk.toString().split("\n").filter(Boolean)) onLine(line);
    };
    const finish = (): void => {
      current.stdout.off("data", onOutput);
      current.off("message", onMessage);
      current.off("error", onFailure);
      current.off("exit", onExit);
      current.unref();
    };
    const onMessage = (answer: Answer): void => {
      finish();
      if ("error" in answer) reject(new Error(answer.error));
      else resolve(answer.value);
    };
    const onFailure = (error: Error): void => {
      finish();
      worker = undefined;
      reject(error);
    };
    const onExit = (): void => onFailure(new Error("The artifact client ended before it answered"));
    current.stdout.on("data", onOutput);
    current.on("message", onMessage);
    current.on("error", onFailure);
    current.on("exit", onExit);
    current.ref();
    current.postMessage(message);
  });
}

function startWorker(): Worker {
  const started = new Worker(program, {
    eval: true,
    env: { PATH: process.env["PATH"] },
    stdout: true,
    stderr: true,
    workerData: { module: import.meta.resolve("@actions/artifact") },
  });
  started.unref();
  return started;
}
