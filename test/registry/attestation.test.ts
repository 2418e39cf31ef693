import { describe, expect, it } from "vitest";
import { type ExpectedOrigin, judgeAttestations, provenanceType } from "../../src/registry/attestation.ts";
import { createProvenance, wrapStatement } from "./provenance.ts";

const sha256 = "a".repeat(64);
const codeSha = "c".repeat(40);
const expected: ExpectedOrigin = { repository: "acme/rain", codeSha, runId: 7 };
const facts = { sha256, repository: "acme/rain", commit: codeSha, runId: 7 };
const judge = (bundles: readonly unknown[], origin = expected) => judgeAttestations(bundles, sha256, origin).outcome;

describe("the provenance of a file", () => {
  it("agrees with the manifest by the commit, or by the run of a test merge", () => {
    expect(judgeAttestations([createProvenance(facts)], sha256, expected)).toEqual({
      outcome: "attested",
      reason: "by .github/workflows/main.yml of acme/rain",
    });
    expect(judge([createProvenance({ ...facts, runId: 8 })])).toBe("attested");
    expect(judge([createProvenance({ ...facts, commit: "d".repeat(40) })])).toBe("attested");
    expect(judge([createProvenance({ ...facts, repository: "ACME/Rain" })])).toBe("attested");
    expect(judge([createProvenance({ ...facts, runId: 8 })], { ...expected, codeSha: null, runId: null })).toBe(
      "attested",
    );
  });

  it.each([
    ["another repository", { ...facts, repository: "mallory/rain" }],
    ["another owner's repository on a path below", { ...facts, repository: "acme/rain/mallory" }],
    ["another commit and run", { ...facts, commit: "d".repeat(40), runId: 8 }],
    ["another file", { ...facts, sha256: "b".repeat(64) }],
  ])("does not match when it is of %s", (_, wrong) => {
    expect(judge([createProvenance(wrong)])).toBe("does-not-match");
    // One that agrees is enough: others may have attested the same bytes.
    expect(judge([createProvenance(wrong), createProvenance(facts)])).toBe("attested");
  });

  it("does not match when it cannot be read, or names no workflow", () => {
    expect(judge([{}])).toBe("does-not-match");
    expect(judge([null])).toBe("does-not-match");
    expect(judge([{ dsseEnvelope: { payloadType: "text/plain", payload: "" } }])).toBe("does-not-match");
    expect(judge([{ dsseEnvelope: { payloadType: "application/vnd.in-toto+json", payload: "e30=" } }])).toBe(
      "does-not-match",
    );
    const subject = [{ name: "model.onnx", digest: { sha256 } }];
    expect(judge([wrapStatement({ subject, predicateType: provenanceType, predicate: {} })])).toBe("does-not-match");
  });

  it("is not there when there is none, or only a statement of another kind", () => {
    expect(judge([])).toBe("not-attested");
    const subject = [{ name: "model.onnx", digest: { sha256 } }];
    expect(judge([wrapStatement({ subject, predicateType: "https://spdx.dev/Document/v2.3", predicate: {} })])).toBe(
      "not-attested",
    );
  });
});
