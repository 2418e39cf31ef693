// A window of data in words.
import { escapeMarkdown } from "./escape.ts";

/** `2015-01-01 … 2015-12-31`, `from 2015-01-01`, or `all rows`; as markdown. */
export function renderWindow(
  window: { readonly from?: string | undefined; readonly to?: string | undefined } | null,
): string {
  const [from, to] = [window?.from, window?.to].map((end) => (end === undefined ? null : escapeMarkdown(end, 40)));
  if (from && to) return `${from} … ${to}`;
  if (from) return `from ${from}`;
  return to ? `to ${to}` : "all rows";
}
