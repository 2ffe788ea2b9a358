/** What a chat client may say of its run in headers, as no field of its body does. */
import { z } from "zod";
import { attribution } from "../../../../schemas/parts/identity.ts";

export const callerHeaders = z.object({
  "idempotency-key": z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("The same key with the same request joins its run for 24 hours, and pays nothing again"),
  "breakwater-feature": attribution.shape.feature.describe("What the client uses it for; costs can be asked by it"),
  "breakwater-subject": attribution.shape.subject_id.describe("The person whose data it is"),
  "breakwater-deadline-ms": z.coerce
    .number()
    .pipe(z.int().min(1000).max(86_400_000))
    .optional()
    .describe("No paid step starts later than this after the request, milliseconds"),
});

export type CallerHeaders = z.output<typeof callerHeaders>;
