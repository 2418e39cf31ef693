// Pages of a list with the Link header.
import type { Call } from "./call.ts";
import { json, type Reply } from "./reply.ts";

/** `page` from 1; `perPage` 30 unless asked, at most 100. */
export function readPage(query: URLSearchParams): { page: number; perPage: number } {
  const number = (name: string, fallback: number): number => {
    const value = Number.parseInt(query.get(name) ?? "", 10);
    return Number.isFinite(value) && value > 0 ? value : fallback;
  };
  return { page: number("page", 1), perPage: Math.min(100, number("per_page", 30)) };
}

/** One page of `rows`, each rendered; `wrap` puts the list where the answer is an object with `total_count`. */
export function paginate<R>(
  call: Call,
  rows: readonly R[],
  render: (row: R) => unknown,
  wrap: (items: unknown[], total: number) => unknown = (items) => items,
): Reply {
  const { page, perPage } = readPage(call.query);
  const start = (page - 1) * perPage;
  const items = rows.slice(start, start + perPage).map(render);
  const link = linkHeader(call, page, Math.max(1, Math.ceil(rows.length / perPage)));
  return json(200, wrap(items, rows.length), link === "" ? {} : { link });
}

function linkHeader(call: Call, page: number, last: number): string {
  const link = (target: number, relation: string): string => {
    const query = new URLSearchParams(call.query);
    query.set("page", String(target));
    return `<${call.origin}/api/v3${call.path}?${query}>; rel="${relation}"`;
  };
  const links: string[] = [];
  if (page > 1) links.push(link(Math.min(page - 1, last), "prev"));
  if (page < last) links.push(link(page + 1, "next"), link(last, "last"));
  if (page > 1) links.push(link(1, "first"));
  return links.join(", ");
}
