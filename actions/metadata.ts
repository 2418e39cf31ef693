// action.yml and README of an action, written from its schema: one place says what an input is.
import type { z } from "zod";
import type { InputSchema } from "./read-inputs.ts";

/** What an action is beside its inputs. */
export interface About {
  /** Folder below `actions/`; `run` is the umbrella at the root. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Inputs in the example of its page: those that must be given, and what most people add. */
  readonly example?: Readonly<Record<string, string>>;
  /** The `permissions:` its job needs. */
  readonly permissions: Readonly<Record<string, "read" | "write">>;
}

interface DescribedInput {
  readonly name: string;
  readonly description: string;
  readonly fallback: string | null;
  readonly required: boolean;
}

/** The text of `action.yml`. The umbrella's lies at the root, the others' in their folders. */
export function renderActionMetadata(about: About, schema: InputSchema): string {
  const main = about.name === "run" ? "dist/run.cjs" : `../../dist/${about.name}.cjs`;
  const inputs = listInputs(schema).flatMap(({ name, description, fallback, required }) => [
    `  ${name}:`,
    `    description: ${quote(description)}`,
    `    required: ${required}`,
    ...(fallback === null ? [] : [`    default: ${fallback}`]),
  ]);
  const outputs = Object.entries(about.outputs).flatMap(([name, text]) => [
    `  ${name}:`,
    `    description: ${quote(text)}`,
  ]);
  return [
    `# Generated from actions/${about.name}/inputs.ts; a test holds it.`,
    `name: ${quote(about.title)}`,
    `description: ${quote(about.description)}`,
    `author: Modelgate`,
    `branding: { icon: check-circle, color: blue }`,
    `inputs:`,
    ...inputs,
    `outputs:`,
    ...outputs,
    `runs:`,
    `  using: node24`,
    `  main: ${main}`,
    ``,
  ].join("\n");
}

/** The README: what it does, one workflow to copy, inputs and outputs. */
export function renderActionReadme(about: About, schema: InputSchema): string {
  const uses = about.name === "run" ? "modelgate/modelgate@v1" : `modelgate/modelgate/actions/${about.name}@v1`;
  const permissions = Object.entries(about.permissions).map(([name, level]) => `      ${name}: ${level}`);
  const rows = listInputs(schema).map(
    ({ name, description, fallback }) =>
      `| \`${name}\` | ${cell(description)} | ${fallback === null ? "" : `\`${fallback}\``} |`,
  );
  const outputs = Object.entries(about.outputs).map(([name, text]) => `| \`${name}\` | ${cell(text)} |`);
  return [
    `# ${about.title}`,
    ``,
    about.description,
    ``,
    "```yaml",
    `jobs:`,
    `  ${about.name}:`,
    `    runs-on: ubuntu-latest`,
    `    permissions:`,
    ...permissions,
    `    steps:`,
    `      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0`,
    `        with: { persist-credentials: false }`,
    `      - uses: ${uses}`,
    ...(about.example ? ["        with:"] : []),
    ...Object.entries(about.example ?? {}).map(([name, value]) => `          ${name}: ${renderValue(value)}`),
    "```",
    ``,
    `| input | meaning | default |`,
    `|:--|:--|:--|`,
    ...rows,
    ``,
    `| output | meaning |`,
    `|:--|:--|`,
    ...outputs,
    ``,
    `The reusable workflows put the steps together: see \`.github/workflows/\`. This page is generated from \`inputs.ts\`.`,
    ``,
  ].join("\n");
}

/** Plain where YAML reads back the same text. */
function renderValue(value: string): string {
  return /^[\w./*-]+$/.test(value) && !value.startsWith("*") ? value : quote(value);
}

function listInputs(schema: InputSchema): readonly DescribedInput[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const input = field as z.ZodType;
    const parsed = input.safeParse(undefined);
    const value = parsed.success ? parsed.data : undefined;
    const plain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    const given = plain ? JSON.stringify(String(value)) : null;
    const fallback = name === "github-token" ? tokenExpression : given;
    return { name, description: input.description ?? "", fallback, required: !parsed.success };
  });
}

/** The workflow's own token, as an expression that the runner fills in. */
const tokenExpression = ["$", "{{ github.token }}"].join("");

function quote(text: string): string {
  return JSON.stringify(text);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
