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
  return schema.parse(JSON.parse(text));
}
