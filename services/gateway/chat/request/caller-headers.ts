/** What a chat client may say of its run in headers, as no field of its body does. */
import { z } from "zod";
import { attribution } from "../../../../schemas/parts/identity.ts";
import { idempotencyKey } from "../../runs/idempotency-key.ts";

export const callerHeaders = z.object({
  "idempotency-key": idempotencyKey,
  "breakwater-feature": attribution.shape.feature.describe("What the client uses it for; costs can be asked by it"),
  "breakwater-subject": attribution.shape.subject_id.describe("The person whose data it is"),
  "breakwater-deadline-ms": z.coerce
    .number()
    .int()
    .min(1000)
    .max(86_400_000)
    .optional()
    .describe("No paid step starts later than this after the request, milliseconds"),
});

export type CallerHeaders = z.output<typeof callerHeaders>;
