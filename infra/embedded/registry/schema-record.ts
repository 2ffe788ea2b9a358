/**
 * The records of the `_schemas` topic, in the shapes that Confluent's own
 * registry writes and reads: a schema under subject and version, and a
 * compatibility level under a subject or for all.
 */
import { z } from "zod";

export const schemaTypes = ["AVRO", "JSON"] as const;
export const compatibilityLevels = [
  "NONE",
  "BACKWARD",
  "BACKWARD_TRANSITIVE",
  "FORWARD",
  "FORWARD_TRANSITIVE",
  "FULL",
  "FULL_TRANSITIVE",
] as const;

export const schemaType = z.enum(schemaTypes);
export const compatibilityLevel = z.enum(compatibilityLevels);
export type SchemaType = z.infer<typeof schemaType>;
export type CompatibilityLevel = z.infer<typeof compatibilityLevel>;

export const schemaKey = z.object({
  keytype: z.literal("SCHEMA"),
  subject: z.string(),
  version: z.int().positive(),
  magic: z.literal(1),
});
export const configKey = z.object({
  keytype: z.literal("CONFIG"),
  subject: z.string().nullable(),
  magic: z.literal(0),
});
export const recordKey = z.discriminatedUnion("keytype", [schemaKey, configKey]);

export const schemaValue = z.object({
  subject: z.string(),
  version: z.int().positive(),
  id: z.int().positive(),
  schemaType: schemaType.default("AVRO"),
  schema: z.string(),
  deleted: z.boolean().default(false),
});
export const configValue = z.object({ compatibilityLevel });

export type RegisteredSchema = z.infer<typeof schemaValue>;
