// How much each column matters to a model, as its published evaluation explains it. Read as hostile data.
import { z } from "zod";
import type { Importances } from "../monitoring/drift-verdict.ts";
import { parseDocument } from "./parse-document.ts";

const Estimate = z.object({
  value: z.number().finite().nullable(),
  interval: z.tuple([z.number().finite(), z.number().finite()]).nullish(),
});

const Explained = z.object({
  explanation: z
    .object({
      importances: z
        .array(z.object({ column: z.string().max(200), metric: z.string().max(200), candidate: Estimate }))
        .max(20_000),
    })
    .nullish(),
});

const limits = { bytes: 16 * 2 ** 20, depth: 40 };

/**
 * Importances of the columns by the first metric they are given for; null when the document explains nothing. A value that
 * could not be computed, or has no interval, is not shown to be above 0. @throws InputError when it is no such document
 */
export function parseImportances(bytes: Uint8Array, file: string): Importances | null {
  const { explanation } = parseDocument(bytes, Explained, file, limits);
  const [first] = explanation?.importances ?? [];
  if (!explanation || !first) return null;
  return new Map(
    explanation.importances
      .filter(({ metric }) => metric === first.metric)
      .map(({ column, candidate }) => [
        column,
        {
          value: candidate.value ?? 0,
          interval: candidate.interval ?? ([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const),
        },
      ]),
  );
}
