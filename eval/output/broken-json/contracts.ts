/**
 * Output contracts as harnesses have them, for documents that are broken and
 * mended: that of the worked example, and others with deep nesting, long
 * texts, optional members, many numbers.
 */
import { z } from "zod";
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import { harness as extractInvoice } from "../../../harnesses/extract-invoice/harness.ts";

export type JsonSchema = NonNullable<HarnessDefinition["output"]["schema"]>;

const note = z.strictObject({ author: z.string(), text: z.string(), private: z.boolean() });

const ticket = z.strictObject({
  id: z.int(),
  subject: z.string(),
  priority: z.enum(["low", "normal", "high", "on fire"]),
  tags: z.array(z.string()),
  resolved: z.boolean(),
  assignee: z.string().nullable(),
  history: z.array(note),
});

const product = z.strictObject({
  "product-name": z.string(),
  price: z.number(),
  weight_kg: z.number().nullable(),
  in_stock: z.boolean(),
  dimensions: z.strictObject({ width: z.number(), height: z.number(), depth: z.number() }),
  links: z.array(z.string()),
});

const contract = z.strictObject({
  title: z.string(),
  parties: z.array(z.strictObject({ name: z.string(), role: z.string(), address: z.string().nullable() })),
  clauses: z.array(
    z.strictObject({
      number: z.string(),
      heading: z.string(),
      text: z.string(),
      risks: z.array(z.strictObject({ severity: z.int(), why: z.string() })),
    }),
  ),
  governed: z.boolean(),
});

const measurements = z.strictObject({
  unit: z.string(),
  matrix: z.array(z.array(z.number())),
  valid: z.array(z.boolean()),
  missing: z.array(z.string().nullable()),
  mean: z.number().nullable(),
});

const answer = z.strictObject({
  answer: z.string(),
  citations: z.array(z.strictObject({ source: z.string(), quote: z.string(), page: z.int().nullable() })),
  confident: z.boolean(),
  follow_up: z.array(z.string()).optional(),
});

const entities = z
  .array(z.strictObject({ type: z.enum(["person", "place", "organisation"]), name: z.string(), start: z.int() }))
  .min(1);

export const contracts: readonly JsonSchema[] = [
  extractInvoice.output.schema ?? {},
  ...[ticket, product, contract, measurements, answer, entities].map((schema): JsonSchema =>
    JSON.parse(JSON.stringify(z.toJSONSchema(schema))),
  ),
];
