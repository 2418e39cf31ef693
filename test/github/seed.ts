// The seed file: what a new world is made of.
import { z } from "zod";
import type { Seed } from "./state/founding.ts";

const schema = z.strictObject({
  owner: z.string().optional(),
  ownerType: z.enum(["User", "Organization"]).optional(),
  app: z
    .strictObject({
      slug: z.string().optional(),
      name: z.string().optional(),
      permissions: z.record(z.string(), z.enum(["read", "write", "admin"])).optional(),
      events: z.array(z.string()).optional(),
      webhookUrl: z.string().optional(),
      webhookSecret: z.string().optional(),
    })
    .optional(),
});

/** Reads the JSON text of a seed; throws with what is wrong. */
export function readSeed(text: string): Seed {
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`the seed is not as it should be:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
