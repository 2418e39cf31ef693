// Who stands in a commit that the API makes.
import type { Person } from "../git/commits.ts";
import type { Account } from "../state/account.ts";

/** The account as author or committer at `date` (ISO 8601). */
export function personOf(account: Account, date: string): Person {
  return {
    name: account.name ?? account.login,
    email: account.email ?? `${account.id}+${account.login}@users.noreply.github.com`,
    date,
  };
}
