/**
 * The producer span of a record that begins something: a request that came in by
 * HTTP, a dead letter. What a stage emits on the way needs none: its trace shows
 * from the span of the record that caused it to that of the stage that reads it.
 */
import { context, propagation, SpanKind, type Attributes, type Span } from "@opentelemetry/api";
import { inSpan } from "./in-span.ts";
import { attributes as names, sendSpan } from "./names.ts";

type Headers = Readonly<Record<string, string>>;

/** `send` gets the headers with which the record continues the trace. */
export function inSendSpan<T>(
  topic: string,
  attributes: Attributes,
  send: (headers: Headers, span: Span) => Promise<T>,
): Promise<T> {
  const options = { kind: SpanKind.PRODUCER, attributes: { ...attributes, ...sending, [names.destination]: topic } };
  return inSpan(sendSpan(topic), options, (span) => {
    const headers: Record<string, string> = {};
    propagation.inject(context.active(), headers);
    return send(headers, span);
  });
}

const sending = { [names.messagingSystem]: "kafka", [names.operationName]: "send", [names.operationType]: "send" };
