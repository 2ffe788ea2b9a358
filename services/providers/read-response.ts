/**
 * From a provider's HTTP answer to our outcome: a stream is put together first,
 * then one reader serves both. Says how long the first token took.
 */
import { WholeResponse } from "./http/http-transport.ts";
import type { Assembled } from "./stream/assemble-stream.ts";
import { failureOf, type ProviderOutcome } from "./outcome.ts";

export interface Reading {
  readonly assemble: (stream: string) => Assembled;
  readonly read: (body: unknown, requestId: string | undefined) => ProviderOutcome;
  /** Where the provider names the request. */
  readonly idHeader: string;
}

/** @throws SyntaxError when a whole answer is not JSON. */
export async function readResponse(
  response: Response,
  { assemble, read, idHeader }: Reading,
): Promise<ProviderOutcome> {
  const requestId = response.headers.get(idHeader) ?? undefined;
  const text = await response.text();
  const outcome = outcomeOf(response, text, { assemble, read, idHeader }, requestId);
  return outcome.kind === "answer" && response instanceof WholeResponse
    ? { ...outcome, firstTokenMs: response.firstByteMs }
    : outcome;
}

function outcomeOf(
  response: Response,
  text: string,
  { assemble, read }: Reading,
  requestId: string | undefined,
): ProviderOutcome {
  if (!(response.headers.get("content-type") ?? "").startsWith("text/event-stream")) {
    return read(JSON.parse(text), requestId);
  }
  const assembled = assemble(text);
  if (assembled.kind === "body") return read(assembled.body, requestId);
  const failure = failureOf(assembled.facts, 0);
  return requestId === undefined ? failure : { ...failure, providerRequestId: requestId };
}
