// The words and signs of the report. A sign never stands without its word.
import type { Standing } from "./standing.ts";

/** First line of the sticky comment; whoever looks for the comment matches it with its author. */
export const commentMarker = "<!-- modelgate -->";

export const outcomeWords = {
  pass: "✅ pass",
  fail: "❌ fail",
  inconclusive: "❔ inconclusive",
} as const;

export const conclusionSigns = { success: "✅", neutral: "⚠️", action_required: "✋", failure: "❌" } as const;

export const standingSigns: Readonly<Record<Standing, string>> = {
  "not-affected": "➖",
  pass: "✅",
  warned: "⚠️",
  inconclusive: "❔",
  unaccepted: "✋",
  unbelieved: "🔒",
  missing: "❔",
  fail: "❌",
  failed: "❌",
};

export const standingWords: Readonly<Record<Standing, string>> = {
  "not-affected": "not affected",
  pass: "pass",
  warned: "not shown to be safe",
  inconclusive: "inconclusive",
  unaccepted: "waits for a maintainer",
  unbelieved: "not believed yet",
  missing: "nothing known",
  fail: "fail",
  failed: "no verdict",
};
