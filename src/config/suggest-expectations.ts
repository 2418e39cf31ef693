// Expectations that data already meets, as a block of YAML for a person to review.
import { parse } from "yaml";
import type { z } from "zod";
import { countDistinct, roleOf } from "../monitoring/column-summary.ts";
import { countValues, edgeOf } from "../monitoring/ordered-histogram.ts";
import type { ColumnProfile, Profile } from "../monitoring/profile.ts";
import type { ExpectationFile } from "./expectation-schema.ts";

/** One entry of `expect:` and why it is suggested. */
export interface SuggestedExpectation {
  readonly expectation: z.input<typeof ExpectationFile>;
  readonly because: string;
}

const fewestRowsForUnique = 100;
/** Share of the cells that must hold what is suggested for each. */
const mostly = 0.999;
/** Share of the observed range added on both sides: tomorrow's extremes are a little beyond today's. */
const margin = 0.1;

/**
 * What the profile suggests: rows, types, missing values, ranges (widened by a tenth and rounded outwards, so that no single
 * value shows), lists of few categories by name where `names` lists them, unique keys. Nothing of an empty column.
 */
export function suggestExpectations(
  profile: Profile,
  names: ReadonlyMap<string, readonly string[]> = new Map(),
): readonly SuggestedExpectation[] {
  const rows = {
    expectation: { rows: [Math.floor(profile.rows / 2), null] as [number, null] },
    because: `${profile.rows} rows here; half of them is little`,
  };
  return [
    ...(profile.rows > 1 ? [rows] : []),
    ...profile.columns.flatMap((column) =>
      column.present === 0 ? [] : suggestForColumn(column, names.get(column.name)),
    ),
  ];
}

/** The block, one entry a line with its reason beside it; `source` is named in the first line. */
export function renderSuggestions(suggestions: readonly SuggestedExpectation[], source: string): string {
  const lines = suggestions.map(({ expectation, because }) => {
    const keys = Object.entries(expectation).map(([key, value]) => `${key}: ${renderFlow(value)}`);
    return `  - { ${keys.join(", ")} }  # ${oneLine(because)}`;
  });
  return [`# suggested by ${oneLine(source)}: keep what must hold, drop the rest`, "expect:", ...lines].join("\n");
}

/** Plain where YAML, also of version 1.1, reads back the same text inside a flow, else quoted. */
function renderFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderFlow).join(", ")}]`;
  if (typeof value !== "string") return String(value);
  if (/^(y|n|yes|no|on|off)$/i.test(value)) return JSON.stringify(value);
  return /^[\p{L}_][\p{L}\p{N}_. -]*$/u.test(value) && parse(value) === value ? value : JSON.stringify(value);
}

function suggestForColumn(
  column: ColumnProfile,
  names: readonly string[] | undefined,
): readonly SuggestedExpectation[] {
  const { name } = column;
  const type = roleOf(column);
  const range = type === "numeric" ? suggestRange(column) : null;
  const missing = column.missing / (column.missing + column.present);
  const whole = countDistinct(column) === column.present && column.values.shift === 0;
  return [
    {
      expectation: {
        column: name,
        type,
        ...(missing === 0 ? { required: true } : {}),
        ...(range ? { between: range } : {}),
        ...(missing === 0 || range ? { mostly } : {}),
      },
      because:
        [
          ...(missing === 0 ? ["nothing missing here"] : []),
          ...(range ? ["a tenth wider than here"] : []),
          ...(missing === 0 || range ? ["0.1 % may differ"] : []),
        ].join("; ") || "its type here",
    },
    ...(missing === 0 ? [] : [suggestRequired(name, missing)]),
    ...(names && names.length > 0 && type === "categorical"
      ? [
          {
            expectation: { column: name, in: [...names], mostly: 0.99 },
            because: `${names.length} values here; 1 % may be others`,
          },
        ]
      : []),
    ...(whole && column.present >= fewestRowsForUnique && type !== "numeric"
      ? [{ expectation: { column: name, unique: true }, because: "no value twice here" }]
      : []),
  ];
}

function suggestRequired(column: string, missing: number): SuggestedExpectation {
  const mostly = Math.max(0.01, Math.floor((1 - Math.min(1, missing * 1.5 + 0.01)) * 100) / 100);
  return { expectation: { column, required: true, mostly }, because: `${(missing * 100).toFixed(1)} % missing here` };
}

/** Edges of the outer bins, widened and rounded outwards to two digits of the range; a bound of 0 that values touch stays. */
function suggestRange(column: ColumnProfile): [number, number] | null {
  const { values } = column;
  const finite = values.keys.filter(
    (key) => Number.isFinite(edgeOf(values, key)) && Number.isFinite(edgeOf(values, key + 1n)),
  );
  const [first, last] = [finite[0], finite.at(-1)];
  if (first === undefined || last === undefined || countValues(values) < 2) return null;
  const edges = [edgeOf(values, first), edgeOf(values, first + 1n), edgeOf(values, last), edgeOf(values, last + 1n)];
  const exact = values.shift === 0;
  const low = exact ? edgeOf(values, first) : Math.min(...edges);
  const high = exact ? edgeOf(values, last) : Math.max(...edges);
  // Infinities lie in no range: where more than a few are there, none is suggested.
  if (column.infinite > (1 - mostly) * column.present) return null;
  const spread = high - low || Math.abs(high) || 1;
  if (!Number.isFinite(spread)) return null;
  const step = 10 ** (Math.floor(Math.log10(spread)) - 1);
  const wide = [low - margin * spread, high + margin * spread] as const;
  const [floor, ceiling] = [Math.floor(wide[0] / step) * step, Math.ceil(wide[1] / step) * step];
  return [
    low >= 0 && wide[0] < 0 ? 0 : clean(floor) <= low ? clean(floor) : floor,
    high <= 0 && wide[1] > 0 ? 0 : clean(ceiling) >= high ? clean(ceiling) : ceiling,
  ];
}

function clean(value: number): number {
  return Number(value.toPrecision(12)) + 0;
}

/** A comment ends where its line does. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}
