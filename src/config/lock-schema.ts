// The shape of modelgate.lock.
import { z } from "zod";
import { Moment, Name } from "./value-schemas.ts";

const Window = z.strictObject({ from: Moment.optional(), to: Moment.optional() });

const LockedDataFile = z.strictObject({
  source: z.string().min(1, "text that is not empty").max(1000, "at most 1000 characters"),
  window: Window.nullable().meta({ description: "Both ends inclusive; null: all rows." }),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "a SHA-256 digest of 64 lower-case hex digits")
    .meta({
      description: "Of the rows in the window.",
    }),
  rows: z.int().min(0, "0 or more"),
  columns: z.array(z.string().max(200, "at most 200 characters")).max(10_000, "at most 10000 columns"),
});

export const LockFile = z.strictObject({
  version: z.literal(1).meta({ description: "Of this format." }),
  models: z.record(Name, z.strictObject({ train: LockedDataFile.nullable(), evaluation: LockedDataFile.nullable() })),
});
export type LockFile = z.infer<typeof LockFile>;
