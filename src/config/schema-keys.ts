// Which keys the schema knows at a place: what "did you mean" chooses from.
import { z } from "zod";
import { type PathPart, readAt } from "./document-path.ts";

type Schema = z.core.$ZodType;

/** Keys that the map at `path` may have; empty where any key is allowed or no map is expected. Unions give the keys of all their maps. */
export function listKeysAt(schema: Schema, path: readonly PathPart[]): readonly string[] {
  let schemas = unwrap(schema);
  for (const part of path) {
    schemas = schemas.flatMap((at) => stepInto(at, part)).flatMap(unwrap);
  }
  return [...new Set(schemas.flatMap((at) => (at instanceof z.ZodObject ? Object.keys(at.shape) : [])))];
}

function stepInto(schema: Schema, part: PathPart): Schema[] {
  if (schema instanceof z.ZodObject) {
    const inner = readAt(schema.shape, [part]) as Schema | undefined;
    return inner ? [inner] : [];
  }
  if (schema instanceof z.ZodArray) return [schema.element as Schema];
  if (schema instanceof z.ZodRecord) return [schema.valueType as Schema];
  return [];
}

/** Looks through optional, nullable, default and union. */
function unwrap(schema: Schema): Schema[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return unwrap(schema.unwrap() as Schema);
  if (schema instanceof z.ZodUnion) return (schema.options as readonly Schema[]).flatMap(unwrap);
  return [schema];
}
