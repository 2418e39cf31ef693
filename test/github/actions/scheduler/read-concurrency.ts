// Reads `concurrency:` of a workflow or job: a group's name alone, or with cancel-in-progress.
import type { Scope } from "../workflow/expressions.ts";
import { evaluateTemplate, isTemplateMapping, renderScalar, type TemplateValue } from "../workflow/template.ts";

/** The evaluated group; undefined when there is none. */
export function readConcurrency(
  value: TemplateValue | undefined,
  scope: Scope,
): { readonly group: string; readonly cancelInProgress: boolean } | undefined {
  if (value === undefined) return undefined;
  if (!isTemplateMapping(value)) {
    return { group: renderScalar(evaluateTemplate(value, scope)), cancelInProgress: false };
  }
  const { entries } = value;
  return {
    group: renderScalar(evaluateTemplate(entries.get("group") ?? "", scope)),
    cancelInProgress: evaluateTemplate(entries.get("cancel-in-progress") ?? false, scope) === true,
  };
}
