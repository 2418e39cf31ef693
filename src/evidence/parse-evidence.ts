// Evidence from an artifact, read as hostile data: bounded, of the right shape, and not at odds with itself.
import { InputError, type Problem } from "../errors.ts";
import { Evidence, evidenceFileName, type ModelEvidence } from "./evidence.ts";
import { parseDocument } from "./parse-document.ts";

const limits = { bytes: 16 * 2 ** 20, depth: 40 } as const;

/**
 * The evidence in the bytes of `evidence.json`. A verdict milder than the gates it lists, a model that occurs twice,
 * or a status without what it stands for is refused: whoever reads the result may rely on verdict and gates saying the same.
 * @throws InputError
 */
export function parseEvidence(bytes: Uint8Array): Evidence {
  const evidence = parseDocument(bytes, Evidence, evidenceFileName, limits);
  const problems = [
    ...findRepeatedModels(evidence.models),
    ...evidence.models.flatMap((model, index) =>
      findContradictions(model).map((message) => ({
        message,
        file: evidenceFileName,
        key: `models.${index} (${model.model})`,
      })),
    ),
  ];
  if (problems.length > 0) throw new InputError(problems);
  return evidence;
}

function findRepeatedModels(models: readonly ModelEvidence[]): readonly Problem[] {
  const names = models.map((model) => model.model);
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  return [...new Set(repeated)].map((name) => ({
    message: `the model ${name} occurs more than once`,
    file: evidenceFileName,
  }));
}

function findContradictions(model: ModelEvidence): readonly string[] {
  const found: string[] = [];
  if (model.status !== "judged") {
    if (model.verdict !== null) found.push(`a model that is ${model.status} has the verdict ${model.verdict}`);
    return found;
  }
  if (model.verdict === null) found.push("a judged model has no verdict");
  if (model.comparison === null && model.evaluation === null) found.push("judged, but neither compared nor evaluated");
  if (model.comparison === null && !model.firstVersion) found.push("not a first version, but not compared");
  for (const comparison of [model.comparison, model.secondComparison]) {
    if (comparison === null) continue;
    const follows = followFromGates(comparison.gates);
    if (rank[comparison.verdict] < rank[follows]) {
      found.push(`the verdict is ${comparison.verdict}, its gates say ${follows}`);
    }
  }
  const whole = worst([model.comparison, model.secondComparison].flatMap((part) => (part ? [part.verdict] : [])));
  if (model.verdict !== null && whole !== null && rank[model.verdict] < rank[whole]) {
    found.push(`the model's verdict is ${model.verdict}, its comparisons say ${whole}`);
  }
  return found;
}

type Verdict = "pass" | "inconclusive" | "fail";
const rank = { pass: 0, inconclusive: 1, fail: 2 } as const;

/** Fail if any gate that counts fails, pass if all pass, else inconclusive. Gates of severity `warn` do not count. */
function followFromGates(gates: readonly { readonly outcome: Verdict; readonly severity: "fail" | "warn" }[]): Verdict {
  return worst(gates.filter((gate) => gate.severity === "fail").map((gate) => gate.outcome)) ?? "pass";
}

function worst(verdicts: readonly Verdict[]): Verdict | null {
  return verdicts.reduce<Verdict | null>((so, next) => (so === null || rank[next] > rank[so] ? next : so), null);
}
