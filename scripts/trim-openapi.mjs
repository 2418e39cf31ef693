#!/usr/bin/env node
// @ts-check
// Cuts the operations and webhooks that the local GitHub has out of GitHub's own descriptions into test/github/contract/.
// Run it after adding a route: node scripts/trim-openapi.mjs. It fetches two packages (~31 MB) into a temporary folder.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, "test", "github", "contract");
const sources = { api: "@octokit/openapi@23.0.2", webhooks: "@octokit/openapi-webhooks@12.1.0" };
const methods = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"]);

/** Webhooks that the local GitHub can send, by event; every action of them is kept. */
const events = [
  "check-run",
  "check-suite",
  "create",
  "delete",
  "deployment",
  "deployment-status",
  "fork",
  "installation",
  "installation-repositories",
  "issue-comment",
  "issues",
  "label",
  "member",
  "merge-group",
  "ping",
  "pull-request",
  "pull-request-review",
  "push",
  "release",
  "repository",
  "repository-dispatch",
  "status",
  "workflow-dispatch",
  "workflow-job",
  "workflow-run",
];
/** Of the larger events only these actions are sent. */
const actions = {
  "pull-request": [
    "opened",
    "synchronize",
    "closed",
    "reopened",
    "edited",
    "labeled",
    "unlabeled",
    "ready-for-review",
    "converted-to-draft",
    "enqueued",
    "dequeued",
  ],
  issues: ["opened", "closed", "reopened", "edited", "labeled", "unlabeled"],
  repository: ["created", "edited", "privatized", "publicized", "deleted"],
  "pull-request-review": ["submitted"],
  member: ["added", "edited", "removed"],
};

/** @typedef {any} Json */

/** @param {string} folder @returns {string[]} */
function listSources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "contract" ? [] : listSources(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

/** Every route in the sources, in the notation "GET /repos/{owner}/{repo}". */
function listOperations() {
  const found = new Set();
  for (const file of listSources(join(root, "test", "github"))) {
    for (const [, name] of readFileSync(file, "utf8").matchAll(/"((?:GET|POST|PUT|PATCH|DELETE) \/[^"\s]*)"/g))
      found.add(name);
  }
  return [...found].sort();
}

/** @param {string} spec @param {string} temporary @returns {Json} */
function fetchDescription(spec, temporary) {
  const packed = execFileSync("npm", ["pack", spec, "--silent"], { cwd: temporary, encoding: "utf8" }).trim();
  const member = "package/generated/api.github.com.json";
  execFileSync("tar", ["xzf", packed, member], { cwd: temporary });
  return JSON.parse(readFileSync(join(temporary, member), "utf8"));
}

/** OpenAPI's schema as JSON Schema: `nullable` becomes a type, references point to #/schemas, words for people go.
 * @param {Json} node @param {Set<string>} used @returns {Json} */
function convert(node, used) {
  if (Array.isArray(node)) return node.map((item) => convert(item, used));
  if (typeof node !== "object" || node === null) return node;
  if (typeof node.$ref === "string") {
    const name = node.$ref.slice(node.$ref.lastIndexOf("/") + 1);
    used.add(name);
    const reference = { $ref: `#/schemas/${name}` };
    return node.nullable === true ? { anyOf: [reference, { type: "null" }] } : reference;
  }
  /** @type {Json} */
  const kept = {};
  for (const [key, value] of Object.entries(node)) {
    if (
      [
        "description",
        "example",
        "examples",
        "title",
        "nullable",
        "externalDocs",
        "deprecated",
        "default",
        "x-github-breaking-changes",
      ].includes(key)
    )
      continue;
    if (
      key === "format" &&
      (value === "uri" ||
        value === "email" ||
        value === "int64" ||
        value === "float" ||
        value === "double" ||
        value === "repo.nwo" ||
        value === "uri-template" ||
        value === "binary")
    )
      continue;
    kept[key] =
      key === "properties"
        ? convertProperties(value, used)
        : ["enum", "required", "const"].includes(key)
          ? value
          : convert(value, used);
  }
  if (node.nullable !== true) return kept;
  if (Array.isArray(kept.enum) && !kept.enum.includes(null)) kept.enum = [...kept.enum, null];
  if (typeof kept.type === "string") return { ...kept, type: [kept.type, "null"] };
  return { anyOf: [kept, { type: "null" }] };
}

/** @param {Json} properties @param {Set<string>} used */
function convertProperties(properties, used) {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, convert(schema, used)]));
}

/** All schemas that are needed, with what they need themselves. @param {Json} components @param {Set<string>} used */
function closeOver(components, used) {
  /** @type {Record<string, Json>} */
  const schemas = {};
  for (let open = [...used]; open.length > 0; ) {
    for (const name of open) schemas[name] = convert(components[name], used);
    open = [...used].filter((name) => !(name in schemas));
  }
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** @param {Json} content */
function jsonSchemaOf(content) {
  const type = Object.keys(content ?? {}).find((name) => /json/.test(name));
  return type === undefined ? undefined : content[type].schema;
}

/** @param {Json} description @param {readonly string[]} wanted */
function trimApi(description, wanted) {
  /** @type {Set<string>} */
  const used = new Set();
  /** @type {Record<string, Json>} */
  const operations = {};
  const resolve = (/** @type {Json} */ node) =>
    node?.$ref === undefined
      ? node
      : node.$ref
          .split("/")
          .slice(1)
          .reduce((/** @type {Json} */ at, /** @type {string} */ key) => at[key], description);
  for (const name of wanted) {
    const [method = "", path = ""] = name.split(" ");
    const operation = methods.has(method) ? description.paths[path]?.[method.toLowerCase()] : undefined;
    if (operation === undefined) continue;
    const parameters = (operation.parameters ?? [])
      .map(resolve)
      .filter((/** @type {Json} */ parameter) => parameter.in === "query");
    const responses = Object.entries(operation.responses).map(([status, response]) => {
      const schema = jsonSchemaOf(resolve(response).content);
      return [status, schema === undefined ? null : convert(schema, used)];
    });
    const body = jsonSchemaOf(operation.requestBody?.content);
    operations[name] = {
      query: Object.fromEntries(
        parameters.map((/** @type {Json} */ parameter) => [parameter.name, convert(parameter.schema, used)]),
      ),
      body: body === undefined ? null : convert(body, used),
      bodyRequired: operation.requestBody?.required === true,
      responses: Object.fromEntries(responses),
    };
  }
  return { source: sources.api, operations, schemas: closeOver(description.components.schemas, used) };
}

/** @param {Json} description */
function trimWebhooks(description) {
  /** @type {Set<string>} */
  const used = new Set();
  /** @type {Record<string, Json>} */
  const webhooks = {};
  for (const [name, { post }] of Object.entries(/** @type {Record<string, Json>} */ (description.webhooks))) {
    const event = events
      .filter((one) => name === one || name.startsWith(`${one}-`))
      .sort((a, b) => b.length - a.length)[0];
    if (event === undefined) continue;
    const action = name === event ? "" : name.slice(event.length + 1);
    const kept = /** @type {Record<string, string[]>} */ (actions)[event];
    if (kept !== undefined && action !== "" && !kept.includes(action)) continue;
    const schema = jsonSchemaOf(post.requestBody.content);
    if (event === "pull-request" && /review/.test(action)) continue;
    const key =
      action === "" ? event.replaceAll("-", "_") : `${event.replaceAll("-", "_")}.${action.replaceAll("-", "_")}`;
    webhooks[key] = convert(schema, used);
  }
  return { source: sources.webhooks, webhooks, schemas: closeOver(description.components.schemas, used) };
}

const temporary = mkdtempSync(join(tmpdir(), "trim-openapi-"));
try {
  const wanted = listOperations();
  const api = trimApi(fetchDescription(sources.api, temporary), wanted);
  const webhooks = trimWebhooks(fetchDescription(sources.webhooks, temporary));
  mkdirSync(out, { recursive: true });
  for (const [name, content] of Object.entries({ api, webhooks })) {
    writeFileSync(join(out, `${name}.json`), `${JSON.stringify(content)}\n`);
  }
  const unknown = wanted.filter((name) => !(name in api.operations));
  process.stdout.write(
    `${Object.keys(api.operations).length} operations, ${Object.keys(webhooks.webhooks).length} webhooks; not described: ${unknown.join(", ") || "none"}\n`,
  );
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
