// The frame around every page, and the small parts that many pages show.
import type { Reply } from "../http/reply.ts";
import type { Account } from "../state/account.ts";
import type { Issue } from "../state/issue.ts";
import { escapeHtml, html, Markup, type Part } from "./markup.ts";
import type { PageCall } from "./page-call.ts";
import { style } from "./style.ts";

export type Tab = "code" | "issues" | "pulls" | "actions" | "releases" | "commits";

/** A page of a repository, with its tabs. */
export function repositoryPage(call: PageCall, tab: Tab, title: string, body: Part): Reply {
  const { base, repository, store } = call;
  const open = store.issues.group(repository.id).filter((issue) => issue.state === "open");
  const count = (matches: (issue: Issue) => boolean): Markup =>
    html`<span class="count">${open.filter(matches).length}</span>`;
  const published = store.releases.group(repository.id).filter((release) => !release.draft).length;
  const [owner, name] = call.fullName.split("/");
  const link = (id: Tab, path: string, text: Part): Markup =>
    html`<a href="${base}${path}" class="${id === tab ? "on" : ""}">${text}</a>`;
  const head = html`<div class="top"><div class="in">
<div class="crumb"><a href="/${owner}">${owner}</a> / <a href="${base}"><b>${name}</b></a><span class="kind">${repository.private ? "Private" : "Public"}</span>${repository.parentId !== null && html`<span class="kind">Fork</span>`}</div>
<nav>${link("code", "", "Code")}${link("issues", "/issues", ["Issues", count((issue) => !issue.isPull)])}${link("pulls", "/pulls", ["Pull requests", count((issue) => issue.isPull)])}${link("actions", "/actions", "Actions")}${link("releases", "/releases", ["Releases", html`<span class="count">${published}</span>`])}${link("commits", "/branches", "Branches")}</nav>
</div></div>`;
  return page(`${title} · ${call.fullName}`, html`${head}<main>${body}</main>`);
}

/** A whole document. */
export function page(title: string, body: Part, status = 200): Reply {
  const document = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${new Markup(style)}</style></head><body>${body}<footer class="foot">A local GitHub for tests and demonstrations. This is not github.com.</footer></body></html>`;
  return {
    status,
    bytes: Buffer.from(document.text),
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: https: http:",
    },
  };
}

/** A person's or bot's picture: a letter on a colour of its own. */
export function avatar(account: Account | undefined, size: "" | "small" = ""): Markup {
  const login = account?.login ?? "?";
  const kind = account?.type === "Bot" ? " app" : "";
  return html`<img class="avatar ${size}${kind}" alt="" src="data:image/svg+xml,${encodeURIComponent(drawAvatar(login))}">`;
}

export function drawAvatar(login: string): string {
  const hue = [...login].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 360, 7);
  const letter = escapeHtml(login.slice(0, 1).toUpperCase());
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="hsl(${hue} 55% 45%)"/><text x="20" y="27" font-size="20" font-family="sans-serif" font-weight="600" fill="#fff" text-anchor="middle">${letter}</text></svg>`;
}

export function person(account: Account | undefined): Markup {
  const bot = account?.type === "Bot";
  return html`<b>${account?.login.replace("[bot]", "") ?? "ghost"}</b>${bot && html` <span class="tag">bot</span>`}`;
}

/** A time to the minute, in UTC; the exact one on hovering. */
export function time(at: string | null): Markup {
  return at === null ? html`–` : html`<time datetime="${at}" title="${at}">${at.slice(0, 16).replace("T", " ")}</time>`;
}

const signs: Readonly<Record<string, string>> = {
  success: "✓",
  failure: "✕",
  cancelled: "–",
  skipped: "–",
  neutral: "■",
};

/** The round sign of a check, job or step. */
export function mark(status: string, conclusion: string | null): Markup {
  const word = status === "completed" ? (conclusion ?? "neutral") : "pending";
  return html`<span class="mark ${word}" title="${word}">${status === "completed" ? (signs[word] ?? "!") : ""}</span>`;
}

export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}

/** `1.5 kB`, decimal units. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}

export function blank(text: string): Markup {
  return html`<div class="box"><div class="blank">${text}</div></div>`;
}
