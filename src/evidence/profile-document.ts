// A profile as a JSON document: bins packed into short texts, and a digest that shows edits by hand.
import { z } from "zod";
import { InputError } from "../errors.ts";
import { renderCanonicalJson } from "../json/canonical-json.ts";
import { sha256Hex } from "../json/digest.ts";
import { createHistogram, type OrderedHistogram } from "../monitoring/ordered-histogram.ts";
import type { ColumnProfile, Profile } from "../monitoring/profile.ts";
import { PackedRelations, packRelations, unpackRelations } from "./profile-relations.ts";

const Count = z.number().int().nonnegative();
const Packed = z
  .string()
  .max(4_000_000)
  .regex(/^[0-9a-z -]*$/);

const Histogram = z.object({
  scale: z.enum(["double", "integer", "hash"]),
  shift: z.number().int().min(0).max(63),
  /** First key, then the distance to the one before, in base 36. */
  keys: Packed,
  counts: Packed,
  lows: Packed,
  /** What stands for each bin of a published profile; null when nothing may. */
  centers: z.array(z.number().nullable()).max(100_000).optional(),
});

const Column = z.object({
  name: z.string(),
  type: z.enum(["numeric", "categorical", "boolean", "datetime"]),
  present: Count,
  missing: Count,
  infinite: Count,
  values: Histogram,
  lengths: Histogram.nullable(),
  /** Texts that hold latin letters, other scripts, digits, spaces, punctuation, symbols, control characters. */
  characters: z.array(Count).length(7).optional(),
  distinct: z.array(Count).length(1024).nullable(),
  distinctCount: Count.optional(),
});

/** Kind `profile`. `sha256` is of the rest of the document as canonical JSON. */
export const ProfileDocument = z.object({
  kind: z.literal("profile"),
  schemaVersion: z.literal(1),
  rows: Count,
  /** Published: at least so many rows share every value that can be read from it. */
  smallestGroup: z.number().int().min(2).optional(),
  columns: z.array(Column).max(100_000),
  relations: PackedRelations.optional(),
  /** Published: correlations of (0,1), (0,2), (1,2), … in steps of 0.05; null when too few rows have both. */
  publishedCorrelations: z
    .object({ columns: z.array(z.string()).max(1000), values: z.array(z.number().min(-1).max(1).nullable()) })
    .optional(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ProfileDocument = z.infer<typeof ProfileDocument>;

/** The document of a profile; equal profiles give equal documents, to the byte. */
export function writeProfileDocument(profile: Profile): ProfileDocument {
  const content = {
    kind: "profile" as const,
    schemaVersion: 1 as const,
    rows: profile.rows,
    ...(profile.smallestGroup === undefined ? {} : { smallestGroup: profile.smallestGroup }),
    columns: profile.columns.map(({ characters, ...column }) => ({
      ...column,
      ...(characters ? { characters: [...characters] } : {}),
      values: pack(column.values),
      lengths: column.lengths ? pack(column.lengths) : null,
      distinct: column.distinct ? [...column.distinct] : null,
    })),
    ...(profile.relations ? { relations: packRelations(profile.relations) } : {}),
    ...(profile.publishedCorrelations
      ? {
          publishedCorrelations: {
            columns: [...profile.publishedCorrelations.columns],
            values: [...profile.publishedCorrelations.values],
          },
        }
      : {}),
  };
  return { ...content, sha256: sha256Hex(renderCanonicalJson(content)) };
}

/** Reads a profile from JSON text. Throws InputError when it is no profile, of another version, or edited by hand. */
export function parseProfileDocument(text: string, file: string): Profile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError({ message: `${file} is no JSON: ${(error as Error).message}`, file }, { cause: error });
  }
  const version = z.object({ kind: z.literal("profile"), schemaVersion: z.number() }).safeParse(value);
  if (version.success && version.data.schemaVersion !== 1) {
    throw new InputError({
      message: `${file} is a profile of another version`,
      file,
      expected: "schemaVersion 1",
      received: String(version.data.schemaVersion),
      hint: "make the profile again with this version of Modelgate",
    });
  }
  const parsed = ProfileDocument.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InputError({
      message: `${file} is no profile: ${issue?.path.join(".")} ${issue?.message}`,
      file,
      expected: "a document of kind profile, as `modelgate profile` writes it",
    });
  }
  const { sha256, ...content } = parsed.data;
  if (sha256Hex(renderCanonicalJson(content)) !== sha256) {
    throw new InputError({
      message: `${file} was changed after it was made: its content does not have the digest it carries`,
      file,
      expected: sha256,
      received: sha256Hex(renderCanonicalJson(content)),
      hint: "make the profile again from the data",
    });
  }
  return {
    rows: content.rows,
    ...(content.smallestGroup === undefined ? {} : { smallestGroup: content.smallestGroup }),
    columns: content.columns.map(
      ({ distinctCount, characters, ...column }): ColumnProfile => ({
        ...column,
        characters: characters ?? null,
        ...(distinctCount === undefined ? {} : { distinctCount }),
        values: unpack(column.values, file),
        lengths: column.lengths ? unpack(column.lengths, file) : null,
      }),
    ),
    relations: content.relations ? unpackRelations(content.relations, file) : null,
    ...(content.publishedCorrelations ? { publishedCorrelations: content.publishedCorrelations } : {}),
  };
}

function pack(histogram: OrderedHistogram): z.infer<typeof Histogram> {
  const { scale, shift, keys, counts, lows } = histogram;
  const steps = Array.from(keys, (key, i) => (i === 0 ? key : key - (keys[i - 1] as bigint)).toString(36));
  const dropped = Array.from(lows);
  return {
    scale,
    shift,
    keys: steps.join(" "),
    counts: Array.from(counts, (count) => count.toString(36)).join(" "),
    lows: dropped.every((low) => low === 0n) ? "" : dropped.map((low) => low.toString(36)).join(" "),
    ...(histogram.centers ? { centers: histogram.centers.map((x) => (Number.isFinite(x) ? x : null)) } : {}),
  };
}

function unpack(packed: z.infer<typeof Histogram>, file: string): OrderedHistogram {
  const steps = splitWords(packed.keys).map(parseBase36);
  const counts = splitWords(packed.counts).map((word) => Number.parseInt(word, 36));
  const lows = splitWords(packed.lows).map(parseBase36);
  let key = 0n;
  const keys = steps.map((step) => {
    key += step;
    return key;
  });
  const ascending = steps.every((step, i) => i === 0 || step > 0n);
  const sound = counts.length === keys.length && counts.every((count) => count > 0 && Number.isSafeInteger(count));
  const odd = packed.centers !== undefined && packed.centers.length !== keys.length;
  if (!ascending || !sound || odd || (lows.length > 0 && lows.length !== keys.length)) {
    throw new InputError({ message: `${file}: the bins of a column do not fit together`, file });
  }
  return {
    ...createHistogram(packed.scale, packed.shift, keys, counts, lows.length > 0 ? lows : undefined),
    ...(packed.centers ? { centers: packed.centers.map((center) => center ?? Number.NaN) } : {}),
  };
}

function splitWords(text: string): string[] {
  return text === "" ? [] : text.split(" ");
}

function parseBase36(word: string): bigint {
  const negative = word.startsWith("-");
  let value = 0n;
  for (const digit of negative ? word.slice(1) : word) value = value * 36n + BigInt(Number.parseInt(digit, 36));
  return negative ? -value : value;
}
