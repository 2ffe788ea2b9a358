/**
 * One trace per run, across topics: the span of a record continues the trace in
 * its headers, and what the record causes is sent with that span as parent.
 * Links would be the convention for Kafka; parents show one waterfall, and here
 * one message is one piece of work. A trace begins with a request and nowhere
 * else: what has no trace on a later topic belongs to none. With tracing off, or
 * for a trace that is not recorded, the headers are passed on as they came, so
 * that a trace of others is not broken.
 */
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type SpanContext,
} from "@opentelemetry/api";
import type { ConsumerName } from "../../../schemas/parts/codes.ts";
import type { ConsumedRecord } from "../stage.ts";
import { inSpan } from "./in-span.ts";
import { attributes as names, processSpan, tracerName } from "./names.ts";
import { linksIn } from "./span-links.ts";

type Headers = Readonly<Record<string, string>>;

export interface RecordTracer {
  /** Runs `work` within the record's span; `headers` go onto everything the record causes. */
  inRecordSpan<T>(record: ConsumedRecord, work: (headers: Headers) => Promise<T>): Promise<T>;
}

export interface TracedConsumer {
  readonly stage: ConsumerName;
  readonly groupId: string;
  readonly worker: string;
}

const passedOn = ["traceparent", "tracestate"] as const;
const beginnings: ReadonlySet<string> = new Set(["harness-requests", "harness-requests-batch"]);

/** With tracing off. */
export const untraced: RecordTracer = {
  inRecordSpan: (record, work) => work(traceHeaders(record.headers)),
};

/** `followsParent`: what was not recorded where its trace began never is; no sampler is asked. */
export function createRecordTracer({ stage, groupId, worker }: TracedConsumer, followsParent: boolean): RecordTracer {
  const tracer = trace.getTracer(tracerName);
  const common: Attributes = {
    [names.messagingSystem]: "kafka",
    [names.operationName]: "process",
    [names.operationType]: "process",
    [names.consumerGroup]: groupId,
    [names.clientId]: worker,
    [names.stage]: stage,
  };
  return {
    inRecordSpan: async (record, work) => {
      const parent = propagation.extract(ROOT_CONTEXT, record.headers);
      const above = trace.getSpanContext(parent);
      if (above === undefined ? !beginnings.has(record.topic) : followsParent && isPassedOver(above))
        return await context.with(parent, work, undefined, traceHeaders(record.headers));
      const options = { kind: SpanKind.CONSUMER, attributes: common, links: linksIn(record.headers) };
      const span = tracer.startSpan(processSpan(record.topic), options, parent);
      if (span.isRecording()) span.setAttributes(placeOf(record));
      const inSpan = trace.setSpan(parent, span);
      const headers: Record<string, string> = {};
      propagation.inject(inSpan, headers);
      try {
        return await context.with(inSpan, work, undefined, headers);
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute(names.errorType, error instanceof Error ? error.name : "unknown");
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

/** Goes on with a run where these headers left its trace, in a span there; `headers` go onto what it causes. */
export function inResumedTrace<T>(left: Headers, span: string, work: (headers: Headers) => Promise<T>): Promise<T> {
  const parent = propagation.extract(ROOT_CONTEXT, left);
  if (trace.getSpanContext(parent) === undefined) return work(traceHeaders(left));
  const resume = (): Promise<T> => {
    const headers: Record<string, string> = {};
    propagation.inject(context.active(), headers);
    return work(headers);
  };
  return context.with(parent, () => inSpan(span, {}, resume));
}

/** Its trace began elsewhere and is not recorded. */
function isPassedOver({ traceFlags }: SpanContext): boolean {
  return (traceFlags & TraceFlags.SAMPLED) === 0;
}

function placeOf(record: ConsumedRecord): Attributes {
  const id = record.headers["ce_id"];
  return {
    [names.destination]: record.topic,
    [names.partition]: String(record.partition),
    [names.offset]: Number(record.offset),
    ...(id === undefined ? {} : { [names.messageId]: id }),
  };
}

function traceHeaders(headers: Headers): Headers {
  const kept: Record<string, string> = {};
  for (const name of passedOn) {
    const value = headers[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
