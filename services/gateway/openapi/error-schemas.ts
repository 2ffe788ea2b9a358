/** The bodies of error answers, a schema for each dialect. */
import { z } from "zod";
import { errorBody } from "../native/run-answer.ts";
import type { Dialect } from "../route.ts";

export const errorSchemas: Readonly<Record<Dialect, z.ZodType>> = {
  native: errorBody,
  openai: z.looseObject({
    error: z.looseObject({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  }),
  anthropic: z.looseObject({
    type: z.literal("error"),
    error: z.looseObject({ type: z.string(), message: z.string() }),
  }),
};
