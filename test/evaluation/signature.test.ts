import { describe, expect, test } from "vitest";
import {
  compareSignatures,
  describeSignatureDifference,
  type Signature,
  type SignatureField,
} from "../../src/evaluation/signature.ts";

const field = (name: string, more: Partial<SignatureField> = {}): SignatureField => ({
  name,
  type: "float32",
  shape: [null, 1],
  ...more,
});
const make = (inputs: SignatureField[], outputs = [field("p")]): Signature => ({ inputs, outputs });
const old = make([field("wind"), field("rain"), field("note", { optional: true })]);

describe("a signature is compatible as long as old callers still can call", () => {
  test.each<[string, Signature, string, string[]]>([
    ["the same in another order", make([field("rain"), field("note", { optional: true }), field("wind")]), "same", []],
    [
      "an optional input more",
      make([...old.inputs, field("sun", { optional: true })]),
      "compatible",
      ["`sun` can newly be given."],
    ],
    [
      "an input no longer required",
      make([field("wind", { optional: true }), ...old.inputs.slice(1)]),
      "compatible",
      ["`wind` is no longer required."],
    ],
    ["an output more", { ...old, outputs: [field("p"), field("q")] }, "compatible", ["`q` is newly given."]],
    [
      "a required input more",
      make([...old.inputs, field("sun"), field("fog")]),
      "breaking",
      ["`sun`, `fog` are newly required (breaking signature)."],
    ],
    [
      "inputs removed",
      make([old.inputs[2]!]),
      "breaking",
      ["`wind`, `rain` are no longer inputs (breaking signature)."],
    ],
    [
      "an optional input removed",
      make(old.inputs.slice(0, 2)),
      "breaking",
      ["`note` is no longer an input (breaking signature)."],
    ],
    [
      "retyped",
      make([field("wind", { type: "string" }), ...old.inputs.slice(1)]),
      "breaking",
      ["`wind` (float32 → string) has another type (breaking signature)."],
    ],
    [
      "reshaped",
      make([field("wind", { shape: [null, 2] }), ...old.inputs.slice(1)]),
      "breaking",
      ["`wind` ([?, 1] → [?, 2]) has another shape (breaking signature)."],
    ],
    [
      "required now",
      make([...old.inputs.slice(0, 2), field("note")]),
      "breaking",
      ["`note` is required now (breaking signature)."],
    ],
    [
      "another output",
      { ...old, outputs: [field("q")] },
      "breaking",
      ["`p` is no longer an output (breaking signature).", "`q` is newly given."],
    ],
    [
      "another name for the varying dimension",
      make([field("wind", { shape: ["batch", 1] }), ...old.inputs.slice(1)]),
      "same",
      [],
    ],
  ])("%s", (_, after, compatibility, sentences) => {
    const difference = compareSignatures(old, after);
    expect(difference.compatibility).toBe(compatibility);
    expect(describeSignatureDifference(difference)).toEqual(sentences);
  });
});
