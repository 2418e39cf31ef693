// Issues and pull requests of a repository share one sequence of numbers.
import type { Store } from "../state/store.ts";

export function nextNumber(store: Store, repositoryId: number): number {
  return (store.issues.group(repositoryId).at(-1)?.number ?? 0) + 1;
}
