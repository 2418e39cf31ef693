// The trimmed descriptions as validators, compiled when first needed and shared by all servers of the process.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";

interface Operation {
  readonly query: Readonly<Record<string, object>>;
  readonly body: object | null;
  readonly bodyRequired: boolean;
  readonly responses: Readonly<Record<string, object | null>>;
}

interface Descriptions {
  readonly api: { readonly operations: Readonly<Record<string, Operation>> };
  readonly webhooks: { readonly webhooks: Readonly<Record<string, object>> };
}

/** Compiling all validators takes 2.7 s so, 13 s without; the schemas are GitHub's own, checked when they were made. */
const quickToCompile = { validateSchema: false, inlineRefs: false, code: { optimize: false } } as const;

let loaded: (Descriptions & { readonly strict: Ajv; readonly coercing: Ajv }) | undefined;
const compiled = new Map<string, ValidateFunction>();

/** The descriptions, read once per process. */
export function readContract(): Descriptions {
  return load();
}

/**
 * The validator of one part: the body, a query parameter (wrapped as `{ value }`, text is coerced), a response by status, a webhook.
 */
export function validatorFor(
  part: "body" | "query" | "response" | "webhook",
  name: string,
  detail = "",
): ValidateFunction {
  const key = `${part} ${name} ${detail}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const { strict, coercing } = load();
  const at = (...path: string[]): string =>
    path.map((step) => `/${encodeURIComponent(step.replace(/~/g, "~0").replace(/\//g, "~1"))}`).join("");
  const made =
    part === "webhook"
      ? strict.compile({ $ref: `webhooks#${at("webhooks", name)}` })
      : part === "query"
        ? coercing.compile({
            type: "object",
            properties: { value: { $ref: `api#${at("operations", name, "query", detail)}` } },
          })
        : strict.compile({
            $ref: `api#${part === "body" ? at("operations", name, "body") : at("operations", name, "responses", detail)}`,
          });
  compiled.set(key, made);
  return made;
}

/** What the last validation found, at most eight sentences. */
export function describeProblems(validate: ValidateFunction): string[] {
  return (validate.errors ?? [])
    .slice(0, 8)
    .map((error) => `${error.instancePath || "(root)"} ${error.message ?? ""} ${JSON.stringify(error.params)}`);
}

function load(): NonNullable<typeof loaded> {
  if (loaded !== undefined) return loaded;
  const folder = findContractFolder();
  const read = (name: string): object => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as object;
  const api = read("api") as Descriptions["api"];
  const webhooks = read("webhooks") as Descriptions["webhooks"];
  const make = (coerceTypes: boolean): Ajv => {
    const ajv = new Ajv({ strict: false, allErrors: false, coerceTypes, ...quickToCompile });
    (formats as unknown as (ajv: Ajv) => void)(ajv);
    ajv.addSchema(api, "api");
    ajv.addSchema(webhooks, "webhooks");
    return ajv;
  };
  loaded = { api, webhooks, strict: make(false), coercing: make(true) };
  return loaded;
}

/** The checked-in files lie beside this source, also when it was bundled into dist/. */
function findContractFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    for (const candidate of [join(folder, "contract"), join(folder, "test", "github", "contract"), folder]) {
      if (existsSync(join(candidate, "api.json")) && existsSync(join(candidate, "webhooks.json"))) return candidate;
    }
    if (folder === dirname(folder)) throw new Error("test/github/contract/api.json was not found");
  }
}
