// "Did you mean …?": the known name closest to one that is not known.

/**
 * The known name with the smallest edit distance (insert, delete, replace, swap neighbours; case ignored) to `name`, if that distance is
 * at most a third of the longer name's length, at least 1; else the first whose initials it is (mae) or that has its words (auc for roc_auc, accuracy_score for
 * accuracy); else undefined. Ties go to the first. Names over 100 characters match nothing.
 */
export function findNearestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > 100) return undefined;
  const names = [...known];
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of names) {
    if (candidate.length > 100) continue;
    const limit = Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3));
    const distance = measureEditDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? findByParts(name.toLowerCase(), names);
}

/** What people call `mean_absolute_error` and `roc_auc`: mae and auc; or the name with a word more or less. */
function findByParts(name: string, known: readonly string[]): string | undefined {
  if (name.length < 2) return undefined;
  const split = (text: string) => text.toLowerCase().split(/[_.\s-]+/);
  const initials = (text: string) =>
    split(text)
      .map((part) => part[0] ?? "")
      .join("");
  const words = split(name);
  const holds = (all: readonly string[], some: readonly string[]) => some.every((word) => all.includes(word));
  return (
    known.find((candidate) => split(candidate).length > 1 && initials(candidate) === name) ??
    known.find(
      (candidate) => candidate.length > 1 && (holds(split(candidate), words) || holds(words, split(candidate))),
    )
  );
}

/** Optimal string alignment distance. */
function measureEditDistance(left: string, right: string): number {
  let twoAgo: number[] = [];
  let before = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const cost = left[row - 1] === right[column - 1] ? 0 : 1;
      let least = Math.min(before[column]! + 1, current[column - 1]! + 1, before[column - 1]! + cost);
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) least = Math.min(least, twoAgo[column - 2]! + 1);
      current.push(least);
    }
    twoAgo = before;
    before = current;
  }
  return before[right.length]!;
}
