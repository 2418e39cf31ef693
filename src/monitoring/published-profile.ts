// A profile as it may stand beside a model: every value in it is shared by a group of rows (k-anonymity).
import { hideRareClasses } from "./character-classes.ts";
import { countDistinct } from "./column-summary.ts";
import { listCorrelations, type Relations } from "./correlations.ts";
import { createHistogram, lowerEdge, type OrderedHistogram, orderedBits } from "./ordered-histogram.ts";
import type { ColumnProfile, Profile } from "./profile.ts";

/** Rows of the smallest group unless a setting says otherwise. */
export const defaultSmallestGroup = 10;
/** Where a published column counts the texts that fewer rows share. */
const rareTexts = -1n;

/**
 * The profile with neighbouring numbers, times and lengths put together until every group holds at least `smallestGroup`
 * rows, and texts of fewer rows counted as one. Groups end at round binary numbers between values, the outermost have no
 * outer end, and what is kept as the middle of a group comes from its ends: no minimum, no maximum, no rare value can be
 * read from it. Values of at least `smallestGroup` rows stay exact. It cannot be merged any more; one that is published
 * already is returned when its groups are as large, else its groups grow.
 */
export function publishProfile(profile: Profile, smallestGroup: number): Profile {
  if ((profile.smallestGroup ?? 1) >= smallestGroup) return profile;
  return {
    rows: profile.rows,
    smallestGroup,
    columns: profile.columns.map((column) => publishColumn(column, smallestGroup)),
    relations: null,
    ...(profile.relations ? { publishedCorrelations: publishCorrelations(profile.relations, smallestGroup) } : {}),
    ...(profile.publishedCorrelations ? { publishedCorrelations: profile.publishedCorrelations } : {}),
  };
}

/** Of different rows at least as many as a group, and coarse: one row's numbers cannot be solved for. */
function publishCorrelations(relations: Relations, smallest: number): NonNullable<Profile["publishedCorrelations"]> {
  const few = relations.hashes.length < smallest;
  return {
    columns: relations.columns,
    values: listCorrelations(relations).map(({ rows, correlation }) =>
      few || rows < smallest || correlation === null ? null : Math.round(correlation * 20) / 20 + 0,
    ),
  };
}

function publishColumn(column: ColumnProfile, smallest: number): ColumnProfile {
  const hidden = column.infinite < smallest ? 0 : column.infinite;
  const texts = column.values.scale === "hash";
  // How many different numbers there are would tell of those that few rows have.
  const different = texts ? countDistinct(column) : null;
  return {
    ...column,
    infinite: hidden,
    values: texts ? poolTexts(column.values, smallest) : groupBins(column.values, smallest),
    lengths: column.lengths ? groupBins(column.lengths, smallest) : null,
    distinct: null,
    ...(column.characters ? { characters: hideRareClasses(column.characters, column.present, smallest) } : {}),
    ...(different === null ? {} : { distinctCount: different }),
  };
}

/** A rest of too few rows takes the rarest listed text with it. */
function poolTexts(histogram: OrderedHistogram, smallest: number): OrderedHistogram {
  const bins = Array.from(histogram.keys, (key, i) => ({ key, count: histogram.counts[i] as number }));
  const rarestFirst = [...bins].sort((a, b) => a.count - b.count || (a.key < b.key ? -1 : 1));
  const pooled = new Set<bigint>();
  let rest = 0;
  for (const { key, count } of rarestFirst) {
    if (key !== rareTexts && count >= smallest && (rest === 0 || rest >= smallest)) break;
    pooled.add(key);
    rest += count;
  }
  const kept = bins.filter(({ key }) => !pooled.has(key));
  const all = rest > 0 ? [{ key: rareTexts, count: rest }, ...kept] : kept;
  return {
    ...createHistogram(
      "hash",
      histogram.shift,
      all.map(({ key }) => key),
      all.map(({ count }) => count),
    ),
    centers: all.map(() => Number.NaN),
  };
}

interface Group {
  /** Lowest and highest bin in it. */
  readonly first: bigint;
  last: bigint;
  count: number;
  /** A single value that enough rows share. */
  readonly exact: boolean;
}

function groupBins(histogram: OrderedHistogram, smallest: number): OrderedHistogram {
  const groups = collectGroups(histogram, smallest);
  if (groups.length === 0) return { ...createHistogram(histogram.scale, histogram.shift, [], []), centers: [] };
  const cuts = groups.slice(1).map((group, i) => roundestBetween((groups[i] as Group).last, group.first));
  const edges = cuts.map((cut) => lowerEdge(histogram, cut));
  const [firstCut = 1n] = cuts;
  const first = groups[0]?.exact ? groups[0].first : lowestKey(histogram, firstCut, cuts[1]);
  const centers = groups.map((group, i) => {
    if (group.exact) return lowerEdge(histogram, group.first);
    const [low, high] = [edges[i - 1], edges[i]];
    return centerOf(low, high, low === undefined ? edges[i + 1] : edges[i - 2]);
  });
  return {
    ...createHistogram(
      histogram.scale,
      histogram.shift,
      [first, ...cuts],
      groups.map(({ count }) => count),
    ),
    centers,
  };
}

/** Groups of at least `smallest` rows; fewer rows than that altogether are one group. */
function collectGroups(histogram: OrderedHistogram, smallest: number): readonly Group[] {
  const groups: Group[] = [];
  let open: Group | null = null as Group | null;
  for (const [i, key] of histogram.keys.entries()) {
    const count = histogram.counts[i] as number;
    const before = groups[groups.length - 1];
    if (histogram.shift === 0 && count >= smallest && histogram.centers === undefined) {
      if (open !== null && before !== undefined && !before.exact) {
        before.count += open.count;
        before.last = open.last;
        open = null;
      }
      if (open === null) {
        groups.push({ first: key, last: key, count, exact: true });
        continue;
      }
    }
    const grown: Group = { first: open?.first ?? key, last: key, count: (open?.count ?? 0) + count, exact: false };
    open = grown.count >= smallest ? null : grown;
    if (open === null) groups.push(grown);
  }
  return open === null ? groups : addRest(groups, open);
}

/** What is left over at the end joins the last group, which is then no single value any more. */
function addRest(groups: readonly Group[], rest: Group): readonly Group[] {
  const last = groups[groups.length - 1];
  if (last === undefined) return [rest];
  return [...groups.slice(0, -1), { first: last.first, last: rest.last, count: last.count + rest.count, exact: false }];
}

/** The number above `low` and not above `high` that ends in most zeros: it tells of the gap, not of a value in it. */
function roundestBetween(low: bigint, high: bigint): bigint {
  for (let bits = 63n; bits > 0n; bits--) {
    const candidate = (high >> bits) << bits;
    if (candidate > low) return candidate;
  }
  return high;
}

/** The first group has no lower end; its key only has to lie below the first cut. */
function lowestKey(histogram: OrderedHistogram, cut: bigint, next: bigint | undefined): bigint {
  const floor = histogram.scale === "double" ? orderedBits(Number.NEGATIVE_INFINITY) >> BigInt(histogram.shift) : null;
  const mirrored = cut - (next === undefined ? 1n : next - cut);
  return floor !== null && mirrored < floor ? floor : mirrored;
}

/** The middle of both ends; of one end, half a neighbour's width beyond it; NaN without ends. */
function centerOf(low: number | undefined, high: number | undefined, beyond: number | undefined): number {
  if (low !== undefined && high !== undefined && Number.isFinite(low) && Number.isFinite(high))
    return low / 2 + high / 2;
  const end = low !== undefined && Number.isFinite(low) ? low : high;
  if (end === undefined || !Number.isFinite(end)) return Number.NaN;
  const step = beyond === undefined || !Number.isFinite(beyond) ? 0 : (end - beyond) / 2;
  return Number.isFinite(end + step) ? end + step : end;
}
