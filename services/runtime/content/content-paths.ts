/**
 * Where the records of a topic hold content, found in their schema: every
 * `{ plain }` or box, and every field that is a box always. So no field that a
 * schema calls content can be forgotten when records are sealed.
 */
import { z } from "zod";
import { isContentSchema, sealedContent } from "../../../schemas/parts/content.ts";

export type ContentPath = readonly string[];

/** Each once. Content inside a list is refused: nothing here has any. */
export function contentPathsOf(schema: z.core.$ZodType): readonly ContentPath[] {
  const paths = new Map(pathsIn(schema, []).map((path) => [path.join("."), path]));
  return [...paths.values()];
}

function pathsIn(schema: z.core.$ZodType, path: ContentPath): readonly ContentPath[] {
  if (isContentSchema(schema) || schema === sealedContent) return [path];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return pathsIn(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => pathsIn(option, path));
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, inner]) => pathsIn(inner, [...path, name]));
  if (schema instanceof z.ZodArray && pathsIn(schema.element, path).length > 0)
    throw new Error(`content in a list, at ${path.join(".")}`);
  return [];
}
