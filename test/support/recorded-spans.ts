/**
 * The spans that code under test makes, kept in memory as they end. Takes the
 * place of the global tracer of this process until it is closed.
 */
import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
  type Sampler,
} from "@opentelemetry/sdk-trace-base";

export interface RecordedSpans {
  readonly all: () => readonly ReadableSpan[];
  /** The one of that name. */
  readonly named: (name: string) => ReadableSpan;
  /** Everything that an exporter sees of them, for what must not be there. */
  readonly text: () => string;
  readonly within: <T>(name: string, work: () => Promise<T> | T) => Promise<T>;
  readonly forget: () => void;
  readonly close: () => void;
}

export function recordedSpans(sampler?: Sampler): RecordedSpans {
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors, ...(sampler && { sampler }) }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const all = (): readonly ReadableSpan[] => exporter.getFinishedSpans();
  return {
    all,
    named: (name) => {
      const [span, ...others] = all().filter((one) => one.name === name);
      if (span === undefined || others.length > 0) throw new Error(`${others.length + 1} spans ${name}, or none`);
      return span;
    },
    text: () =>
      JSON.stringify(all().map(({ name, attributes, events, status }) => ({ name, attributes, events, status }))),
    within: (name, work) =>
      trace.getTracer("test").startActiveSpan(name, async (span) => {
        try {
          return await work();
        } finally {
          span.end();
        }
      }),
    forget: () => exporter.reset(),
    close: () => {
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}
