// An account with its repositories.
import { canSee } from "../auth/authorize.ts";
import type { Call } from "../http/call.ts";
import { notFound, type Reply } from "../http/reply.ts";
import { findAccount } from "../state/store.ts";
import { avatar, blank, page, time } from "./layout.ts";
import { html } from "./markup.ts";

/** `/owner`. */
export function showOwner(call: Call): Reply {
  const { store } = call.platform;
  const account = findAccount(store, call.params["owner"] ?? "");
  if (account === undefined) throw notFound();
  const seen = store.repositories.group(account.id).filter((repository) => canSee(store, call.actor, repository));
  const rows = seen.map(
    (repository) =>
      html`<div class="row tall"><div class="grow"><a class="head" href="/${account.login}/${repository.name}">${repository.name}</a><div class="dim">${repository.description}</div></div><span class="dim">pushed ${time(repository.pushedAt)}</span></div>`,
  );
  const head = html`<div class="top"><div class="in"><div class="crumb">${avatar(account, "small")} <b>${account.login}</b></div></div></div>`;
  return page(
    account.login,
    html`${head}<main>${rows.length === 0 ? blank("No repositories.") : html`<div class="box"><header><b>Repositories</b></header>${rows}</div>`}</main>`,
  );
}
