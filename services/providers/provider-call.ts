/**
 * What is asked of a provider in one call, the same for all of them.
 */
import type { Message } from "../../schemas/parts/content.ts";
import type { Tool, ToolChoice } from "../../schemas/parts/tools.ts";
import type { TimeLimits } from "./http/arrival-watch.ts";
import type { JsonSchema } from "./request/structured-output.ts";

export interface ProviderCall {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly maxOutputTokens: number;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  /** The answer ends before one of these. */
  readonly stop?: readonly string[] | undefined;
  /** What the model may call; it then answers with calls, with words, or with both. */
  readonly tools?: readonly Tool[] | undefined;
  /** `auto` when absent. */
  readonly toolChoice?: ToolChoice | undefined;
  /** Whether one answer may call several; true when absent. */
  readonly parallelToolCalls?: boolean | undefined;
  /** Contract of a JSON answer; keep one object per definition, what is derived from it is remembered. */
  readonly jsonSchema?: JsonSchema | undefined;
  /** Sent as X-Client-Request-Id. */
  readonly callId: string;
  /** Asks for the answer as a stream, so that a stall is seen while the answer is made. */
  readonly stream: boolean;
  readonly limits: TimeLimits;
  /** Limit on the whole call, body included, milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}
