// `metrics.json`: the numbers a training program reports of itself.
import { z } from "zod";
import { RefusedError } from "../errors.ts";
import { findFileKind, readBoundedFile } from "../host/files.ts";

const limits = { bytes: 1_000_000, metrics: 1_000 };
const MetricsFile = z
  .record(z.string().min(1).max(200), z.number().finite())
  .refine((metrics) => Object.keys(metrics).length <= limits.metrics, `at most ${limits.metrics} metrics`);

/** Reads flat names to finite numbers; no file is no metrics. Throws RefusedError for anything else: the training failed. */
export async function readMetricsFile(file: string): Promise<Readonly<Record<string, number>>> {
  if ((await findFileKind(file)) === "missing") return {};
  const text = (await readBoundedFile(file, limits.bytes)).toString("utf8");
  const value = parseJson(text);
  const parsed = MetricsFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  const key = first?.path.join(".") ?? "";
  throw new RefusedError({
    message: "the training wrote metrics that are not finite numbers",
    file: "metrics.json",
    ...(key === "" ? {} : { key }),
    expected: "a JSON object from names to finite numbers",
    received:
      findNonNumber(text) ??
      (value === undefined ? "no JSON, or JSON that is cut off" : (first?.message ?? "something else")),
    hint: "a metric that is NaN usually means that the training diverged",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Python writes NaN and Infinity as they are, which is not JSON. */
function findNonNumber(text: string): string | undefined {
  return /"[^"]{0,200}"\s*:\s*(?:NaN|-?Infinity)/.exec(text)?.[0];
}
