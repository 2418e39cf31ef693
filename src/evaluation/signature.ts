// Compares what two models take and give: what callers of the old one can rely on with the new one.

/** One input or output. `shape` has null for a dimension that varies. */
export interface SignatureField {
  readonly name: string;
  readonly type: string;
  readonly shape?: readonly (number | string | null)[];
  /** Default false: it must be given. */
  readonly optional?: boolean;
}

export interface Signature {
  readonly inputs: readonly SignatureField[];
  readonly outputs: readonly SignatureField[];
}

export type SignatureChangeKind = "added" | "removed" | "retyped" | "reshaped" | "newly-required" | "newly-optional";

export interface SignatureChange {
  readonly side: "input" | "output";
  readonly name: string;
  readonly kind: SignatureChangeKind;
  /** Somebody who calls the old model as before cannot call the new one, or reads something else. */
  readonly breaking: boolean;
  readonly before: string | null;
  readonly after: string | null;
}

export interface SignatureDifference {
  readonly changes: readonly SignatureChange[];
  /** `breaking` asks for a major version, `compatible` for a minor one. */
  readonly compatibility: "same" | "compatible" | "breaking";
}

/**
 * Fields are matched by name; order does not matter. Compatible: an optional input added, an input no longer required, an output added.
 * Breaking: an input or output removed, retyped or reshaped, an input added that is required, an optional input that is required now.
 */
export function compareSignatures(before: Signature, after: Signature): SignatureDifference {
  const changes = [
    ...compareFields("input", before.inputs, after.inputs),
    ...compareFields("output", before.outputs, after.outputs),
  ];
  const compatibility =
    changes.length === 0 ? "same" : changes.some(({ breaking }) => breaking) ? "breaking" : "compatible";
  return { changes, compatibility };
}

function compareFields(
  side: "input" | "output",
  before: readonly SignatureField[],
  after: readonly SignatureField[],
): readonly SignatureChange[] {
  const now = new Map(after.map((field) => [field.name, field]));
  const known = new Set(before.map(({ name }) => name));
  const changes: SignatureChange[] = [];
  const add = (
    name: string,
    kind: SignatureChangeKind,
    breaking: boolean,
    was: string | null,
    is: string | null,
  ): void => {
    changes.push({ side, name, kind, breaking, before: was, after: is });
  };
  for (const field of before) {
    const next = now.get(field.name);
    if (next === undefined) {
      add(field.name, "removed", true, describeField(field), null);
      continue;
    }
    if (next.type !== field.type && next.type !== "unknown" && field.type !== "unknown")
      add(field.name, "retyped", true, field.type, next.type);
    else if (!areShapesEqual(field.shape, next.shape))
      add(field.name, "reshaped", true, describeShape(field.shape), describeShape(next.shape));
    if (side === "input" && Boolean(field.optional) !== Boolean(next.optional)) {
      if (next.optional) add(field.name, "newly-optional", false, "required", "optional");
      else add(field.name, "newly-required", true, "optional", "required");
    }
  }
  for (const field of after)
    if (!known.has(field.name))
      add(field.name, "added", side === "input" && !field.optional, null, describeField(field));
  return changes;
}

/** Sentences for people, grouped by what happened; the names are as they are and want escaping. */
export function describeSignatureDifference({ changes }: SignatureDifference): readonly string[] {
  const groups = new Map<string, SignatureChange[]>();
  for (const change of changes) {
    const key = `${change.side} ${change.kind} ${change.breaking}`;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].map((group) => {
    const [{ side, kind, breaking }] = group as [SignatureChange];
    const names = group.map(({ name, before, after }) =>
      kind === "retyped" || kind === "reshaped" ? `\`${name}\` (${before} → ${after})` : `\`${name}\``,
    );
    const many = group.length > 1;
    const noun = `${side}${many ? "s" : ""}`;
    const verbs: Readonly<Record<SignatureChangeKind, string>> = {
      added:
        side === "input"
          ? breaking
            ? `${many ? "are" : "is"} newly required`
            : `can newly be given`
          : `${many ? "are" : "is"} newly given`,
      removed: `${many ? "are" : "is"} no longer ${many ? noun : `an ${noun}`}`,
      retyped: `${many ? "have" : "has"} another type`,
      reshaped: `${many ? "have" : "has"} another shape`,
      "newly-required": `${many ? "are" : "is"} required now`,
      "newly-optional": `${many ? "are" : "is"} no longer required`,
    };
    return `${names.join(", ")} ${verbs[kind]}${breaking ? " (breaking signature)" : ""}.`;
  });
}

function describeField({ type, shape }: SignatureField): string {
  return shape === undefined ? type : `${type} ${describeShape(shape)}`;
}

function describeShape(shape: SignatureField["shape"]): string {
  return shape === undefined ? "no shape" : `[${shape.map((size) => size ?? "?").join(", ")}]`;
}

/** Names of varying dimensions do not matter, nor does a shape that is not known on one side. */
function areShapesEqual(left: SignatureField["shape"], right: SignatureField["shape"]): boolean {
  if (left === undefined || right === undefined) return true;
  return left.length === right.length && left.every((size, at) => normalizeSize(size) === normalizeSize(right[at]));
}

function normalizeSize(size: number | string | null | undefined): number | null {
  return typeof size === "number" && size >= 0 ? size : null;
}
