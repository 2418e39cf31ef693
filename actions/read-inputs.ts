// Inputs of an action: strings of the environment, checked against the action's schema.
import { z } from "zod";
import { InputError } from "../src/errors.ts";

/** The schema of an action's inputs: kebab-case names, each with a description; what may be absent is optional or has a default. */
export type InputSchema = z.ZodObject<z.ZodRawShape>;

/**
 * Reads the inputs that the schema names. An empty string counts as absent, as the runner gives it for inputs not set.
 * @throws InputError naming every input that is missing or wrong.
 */
export function readInputs<S extends InputSchema>(
  schema: S,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<S> {
  const given = Object.keys(schema.shape).flatMap((name) => {
    const value = environment[`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`]?.trim();
    return value ? [[name, value] as const] : [];
  });
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data as z.infer<S>;
  throw new InputError(
    parsed.error.issues.map((issue) => ({
      message: `input \`${issue.path.map(String).join(".")}\`: ${issue.message}`,
      hint: "see the action's README for its inputs",
    })),
  );
}

/** Inputs that every action has. */
export const commonInputs = {
  "github-token": z.string().optional().describe("Token for GitHub's API; the workflow's own by default."),
  config: z.string().optional().describe("Path of the config. Default: .github/modelgate.yml, searched upwards."),
} as const;

/** Inputs of actions that read or write the registry. */
export const registryInputs = {
  "registry-token": z
    .string()
    .optional()
    .describe("Token for the registry that the config's `registry:` names, when that is another repository."),
} as const;

/** Inputs of actions that move stages. */
export const dispatchInputs = {
  "dispatch-token": z
    .string()
    .optional()
    .describe("Token that tells the repositories under a stage's `notify:`; it needs `contents: write` there."),
} as const;

/** A yes or no: `true`, `yes`, `on`, `1` and their opposites. */
export function flag(fallback: boolean, description: string) {
  return z.stringbool().optional().default(fallback).describe(description);
}

/** Several values, one per line, separated by commas, or as another step's JSON list; empty = none. */
export function list(description: string) {
  return z
    .string()
    .optional()
    .default("")
    .transform((text) =>
      text
        .replace(/^\[|\]$/g, "")
        .split(/[\n,]/)
        .map((item) => item.trim().replace(/^"(.*)"$/, "$1"))
        .filter((item) => item !== ""),
    )
    .describe(description);
}

/** Some of a few words, separated as lists are; empty = none. */
export function choices<T extends string>(known: readonly T[], description: string) {
  return list("")
    .pipe(z.array(z.custom<T>((word) => known.some((name) => name === word), `must be among ${known.join(", ")}`)))
    .describe(`${description} Some of: ${known.map((name) => `\`${name}\``).join(", ")}.`);
}
