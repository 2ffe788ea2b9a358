/** The header by which a caller names its request, so that sending it again joins the run and pays nothing again. */
import { z } from "zod";

export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "1 to 255 printable ASCII characters without spaces")
  .optional()
  .describe("The same key with the same body joins the run that it started, for 24 hours");
