// A registry in memory with its own clock, chance and identifiers.
import { sha256Hex } from "../../src/json/digest.ts";
import type { StageRule } from "../../src/registry/promotion.ts";
import type { PublishRequest } from "../../src/registry/publish.ts";
import type { PublishFile } from "../../src/registry/publish-files.ts";
import type { PublishPorts } from "../../src/registry/publish-step.ts";
import { Faults } from "./faults.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { MemoryReleases } from "./memory-releases.ts";

export interface MemoryRegistry extends PublishPorts {
  readonly ledger: MemoryLedger;
  readonly releases: MemoryReleases;
  readonly faults: Faults;
  readonly clock: { now: Date };
}

export function createMemoryRegistry(): MemoryRegistry {
  const faults = new Faults();
  const clock = { now: new Date("2026-03-01T00:00:00Z") };
  let lastId = 0;
  return {
    faults,
    clock,
    ledger: new MemoryLedger(faults),
    releases: new MemoryReleases(faults),
    progress: () => {},
    pace: {
      now: () => clock.now,
      random: () => 0.5,
      wait: async () => {},
      newId: () => {
        lastId += 1;
        return `id-${lastId}`;
      },
    },
  };
}

/** A registry in memory that several share. */
export async function startMemoryRegistry() {
  const registry = createMemoryRegistry();
  const pause = async (steps: number) => {
    for (let left = steps; left > 0; left -= 1) await Promise.resolve();
  };
  return { faults: registry.faults, open: () => registry, pause };
}

export function createFile(path: string, text: string, role: PublishFile["role"] = "model"): PublishFile {
  const content = new TextEncoder().encode(text);
  async function* open(start: number, end: number): AsyncIterable<Uint8Array> {
    yield content.subarray(start, end);
  }
  return { path, role, bytes: content.byteLength, sha256: sha256Hex(content), partSha256: [], open };
}

/** A request to publish these bytes as `rain`; the content's digest stands in for the real one. */
export function createRequest(bytes: string, more: Partial<PublishRequest> = {}): PublishRequest {
  const files = [createFile("model.onnx", bytes), createFile("evaluation.json", `{"of":"${bytes}"}`, "document")];
  return {
    model: "rain",
    version: null,
    contentSha256: sha256Hex(bytes),
    lineage: { codeSha: null, dataSha256: null, inputs: null, workflowRun: null },
    verdict: "pass",
    metrics: {},
    actor: "maria",
    reason: null,
    files,
    metadata: {},
    body: "A model.",
    targetCommit: null,
    ...more,
  };
}

const anyWriter = { permission: "write", users: [], teams: [] } as const;

/** `production` takes its versions from `staging`. */
export const orderedStages: readonly StageRule[] = [
  { name: "staging", promotesFrom: null, who: anyWriter, approvals: 0 },
  { name: "production", promotesFrom: "staging", who: anyWriter, approvals: 0 },
];
