/** How a question about costs is written, on the command line and in a query of the gateway. */
import { z } from "zod";
import { writtenTime } from "../asking/written-time.ts";
import { costDimension, type CostDimension } from "../costs.ts";

/** Dimensions as one word, comma separated. */
export const costDimensions = z.string().transform((text, context): readonly CostDimension[] => {
  const parsed = z
    .array(costDimension)
    .min(1)
    .safeParse(text.split(",").map((part) => part.trim()));
  if (parsed.success) return parsed.data;
  context.issues.push({
    code: "custom",
    input: text,
    message: `any of ${costDimension.options.join(", ")}, comma separated`,
  });
  return z.NEVER;
});

/** A day (its start, UTC) or an RFC 3339 time. */
export const costTime = writtenTime.optional();
