// What things are called on GitHub: the ledger's branch and paths, tags, assets; and which names are accepted.
import semver from "semver";
import { InputError } from "../errors.ts";

export const ledgerBranch = "modelgate/ledger";
export const manifestName = "manifest.json";

const modelPattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** The name as it is, or InputError: 1 to 64 of `a-z 0-9 . _ -`, nothing that git refuses in a ref. */
export function parseModelName(text: string): string {
  if (modelPattern.test(text) && !text.includes("..") && !/(\.|\.lock)$/.test(text)) return text;
  throw new InputError({
    message: "this is not a name of a model",
    expected: "1 to 64 of a-z, 0-9, `.`, `_`, `-`, beginning with a letter or digit, without `..`, not ending in `.`",
    received: JSON.stringify(text),
    hint: "use the name under `models:` in .github/modelgate.yml",
  });
}

/** A version as it is, or InputError: three numbers by semver 2.0, a pre-release such as `-rc.1` allowed, no `v`, no build part. */
export function parseVersion(text: string): string {
  const parsed = semver.parse(text, { loose: false });
  if (parsed !== null && parsed.version === text && text.length <= 64) return text;
  throw new InputError({
    message: "this is not a version",
    expected: "MAJOR.MINOR.PATCH such as 1.10.0, or with a pre-release such as 1.10.0-rc.1",
    received: JSON.stringify(text),
    hint: suggestVersion(text),
  });
}

function suggestVersion(text: string): string {
  if (/^\d+\.\d+$/.test(text)) return `write ${text}.0; in YAML put quotes around it, or 1.10 becomes the number 1.1`;
  const [, ...numbers] = /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})$/.exec(text) ?? [];
  if (numbers.length > 0) return `did you mean ${numbers.map(Number).join(".")}?`;
  const coerced = semver.coerce(text)?.version;
  return coerced ? `did you mean ${coerced}?` : "`modelgate registry show MODEL` lists the versions";
}

/** `MODEL@STAGE` or `MODEL@VERSION`, told apart by the digit that versions begin with and stages of that form never have. */
export interface ModelReference {
  readonly model: string;
  readonly at:
    | { readonly kind: "stage"; readonly stage: string }
    | { readonly kind: "version"; readonly version: string };
}

/** Reads `churn@production`, `churn@1.2.0`; throws InputError with what was expected. */
export function parseReference(text: string): ModelReference {
  const [name = "", target, ...rest] = text.split("@");
  if (target === undefined || target === "" || rest.length > 0)
    throw new InputError({
      message: "this does not name a version of a model",
      expected: "MODEL@STAGE or MODEL@VERSION, such as churn@production or churn@1.2.0",
      received: JSON.stringify(text),
    });
  const model = parseModelName(name);
  if (/^v?\d/.test(target)) return { model, at: { kind: "version", version: parseVersion(target) } };
  return { model, at: { kind: "stage", stage: parseStageName(target) } };
}

/** A stage's name as it is, or InputError: 1 to 64 of `a-z 0-9 _ -`, beginning with a letter. */
export function parseStageName(text: string): string {
  if (/^[a-z][a-z0-9_-]{0,63}$/.test(text)) return text;
  throw new InputError({
    message: "this is not a name of a stage",
    expected: "1 to 64 of a-z, 0-9, `_`, `-`, beginning with a letter",
    received: JSON.stringify(text),
  });
}

/** Tag and release of a version. */
export function tagOf(model: string, version: string): string {
  return `${model}@${version}`;
}

/** Model and version of a tag that looks like one of ours; null for all others. */
export function parseTag(tag: string): { readonly model: string; readonly version: string } | null {
  const [model = "", version = "", ...rest] = tag.split("@");
  return rest.length === 0 && modelPattern.test(model) && semver.valid(version) === version ? { model, version } : null;
}

/** Path of an event in the ledger: at most 1,000 to a folder. */
export function eventPath(sequence: number): string {
  const thousands = String(Math.floor(sequence / 1000)).padStart(3, "0");
  return `events/${thousands}/${String(sequence).padStart(6, "0")}.json`;
}

export function stagesPath(model: string): string {
  return `models/${model}/stages.json`;
}

export function versionPath(model: string, version: string): string {
  return `models/${model}/versions/${version}.json`;
}

/** Where the version that holds a content is found by the content's digest. */
export function contentPath(model: string, contentSha256: string): string {
  return `models/${model}/contents/${contentSha256.slice(0, 2)}/${contentSha256}.json`;
}

/**
 * Names of release assets for files with these relative paths, in order. GitHub keeps letters, digits, `.`, `_`, `-` and
 * changes the rest, so it is changed here first: folders are joined with `.`, other characters become `-`. Names that
 * would be the same (also where case is ignored), or that are one of `reserved`, are refused with InputError.
 */
export function nameAssets(paths: readonly string[], reserved: readonly string[]): readonly string[] {
  const seen = new Map<string, string>(reserved.map((name) => [name, name]));
  return paths.map((path) => {
    const name = path
      .replaceAll("\\", "/")
      .replaceAll("/", ".")
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/\.{2,}/g, ".")
      .replace(/^[.-]+|\.+$/g, "");
    const other = seen.get(name.toLowerCase());
    if (other !== undefined && reserved.includes(other))
      throw new InputError({
        message: `every release has a ${other} of its own`,
        received: path,
        expected: "a file of another name",
        hint: "rename it, or pack the model's files into one archive",
      });
    if (name === "" || name.length > 200 || other !== undefined)
      throw new InputError({
        message: other === undefined ? "this file name cannot be an asset" : "two files would have the same asset name",
        received: other === undefined ? path : `${other}, ${path}`,
        expected: "different names of at most 200 of A-Z a-z 0-9 . _ -",
        hint: "rename one; folders become part of the name, `a/b` is `a.b`",
      });
    seen.set(name.toLowerCase(), path);
    return name;
  });
}
