// May these bytes be published? Decided from the gates that judged them.
import type { Problem } from "../errors.ts";

/** What judged the bytes. `accepted`: a maintainer let this gate through for exactly these bytes. */
export interface JudgedGate {
  readonly id: string;
  readonly outcome: "pass" | "fail" | "inconclusive";
  readonly severity: "fail" | "warn";
  readonly reason: string;
  readonly accepted: boolean;
}

export interface PublishVerdict {
  /** The verdict that the version keeps: an accepted gate counts as passed. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** Why it may not be published; empty when it may. */
  readonly problems: readonly Problem[];
}

/** A failing gate always stops a publish unless it was accepted; an inconclusive one unless accepted or the config says `warn`. */
export function decidePublishVerdict(
  gates: readonly JudgedGate[],
  verdict: "pass" | "fail" | "inconclusive",
  inconclusive: "block" | "warn",
): PublishVerdict {
  const open = gates.filter((gate) => gate.outcome !== "pass" && gate.severity === "fail" && !gate.accepted);
  const stops = open.filter((gate) => gate.outcome === "fail" || inconclusive === "block");
  const kept = open.some((gate) => gate.outcome === "fail") ? "fail" : open.length > 0 ? "inconclusive" : "pass";
  // A verdict that is worse than its gates explain is believed rather than its gates.
  const unexplained = verdict !== "pass" && gates.every((gate) => gate.outcome === "pass");
  const problems = stops.map((gate) => ({
    key: gate.id,
    message: `the gate is ${gate.outcome}: ${gate.reason}`,
    expected: "pass, or accepted by a maintainer for these bytes",
    received: gate.outcome,
    hint: "nothing was published; see the evidence for the numbers",
  }));
  if (!unexplained) return { verdict: kept, problems };
  return { verdict, problems: [{ message: `the verdict is ${verdict} and no gate says why`, received: verdict }] };
}
