/**
 * Where a text of the input comes from: who may give instructions in it, and
 * so what is suspicious in it. A document is retrieved or uploaded; neither it
 * nor a tool's result is meant to instruct the model.
 */
import { z } from "zod";

export const channel = z.enum(["user", "document", "tool_result", "system"]);

export type Channel = z.infer<typeof channel>;
