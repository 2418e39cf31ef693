// JUnit XML, which every CI system shows as test results.
import { flattenText } from "./escape.ts";
import { escapeHtml } from "./html.ts";

export interface JunitCase {
  readonly name: string;
  /** The group it is shown under. */
  readonly group: string;
  /** `skipped`: nothing could be said. */
  readonly outcome: "passed" | "failed" | "skipped";
  /** One sentence: why. */
  readonly reason: string;
}

/** One suite as a whole file. Text is flattened to one line: XML 1.0 has no place for control characters. */
export function renderJunit(suite: string, cases: readonly JunitCase[], at: Date): string {
  const count = (outcome: JunitCase["outcome"]): number => cases.filter((one) => one.outcome === outcome).length;
  const totals = `tests="${cases.length}" failures="${count("failed")}" errors="0" skipped="${count("skipped")}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="modelgate" ${totals}>`,
    `<testsuite name="${renderXmlText(suite)}" ${totals} timestamp="${at.toISOString().slice(0, 19)}">`,
    ...cases.map(renderCase),
    "</testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function renderCase({ name, group, outcome, reason }: JunitCase): string {
  const open = `<testcase classname="${renderXmlText(group)}" name="${renderXmlText(name)}"`;
  const message = renderXmlText(reason);
  if (outcome === "passed") return `${open}><system-out>${message}</system-out></testcase>`;
  if (outcome === "skipped") return `${open}><skipped message="${message}"/></testcase>`;
  return `${open}><failure message="${message}">${message}</failure></testcase>`;
}

function renderXmlText(text: string): string {
  return escapeHtml(flattenText(text).slice(0, 2000)).replace(/[\ufffe\uffff]/g, "");
}
