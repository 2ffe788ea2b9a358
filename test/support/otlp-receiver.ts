/**
 * Takes traces in by OTLP over HTTP in JSON, as a collector does, and keeps
 * their spans in the order of their arrival. Metrics are taken in and forgotten.
 */
import { createServer, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { json } from "node:stream/consumers";
import { z } from "zod";

const value = z.union([
  z.object({ stringValue: z.string() }).transform((one) => one.stringValue),
  z.object({ intValue: z.coerce.number() }).transform((one) => one.intValue),
  z.object({ doubleValue: z.number() }).transform((one) => one.doubleValue),
  z.object({ boolValue: z.boolean() }).transform((one) => one.boolValue),
  z.json(),
]);
const attributes = z
  .array(z.object({ key: z.string(), value }))
  .transform((list) => Object.fromEntries(list.map((one) => [one.key, one.value])));
const nanoseconds = z.string().transform(BigInt);

const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.int(),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes: attributes.default({}),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
  status: z.object({ code: z.int().default(0) }).default({ code: 0 }),
});

const exported = z.object({
  resourceSpans: z.array(
    z.object({ resource: z.object({ attributes }), scopeSpans: z.array(z.object({ spans: z.array(span) })) }),
  ),
});

export interface ReceivedSpan extends Readonly<z.output<typeof span>> {
  /** service.name */
  readonly service: string;
}

export interface OtlpReceiver {
  readonly spans: readonly ReceivedSpan[];
  /** Every byte of them, for what must not be there. */
  readonly text: () => string;
  /** The environment that sends a process's traces here, all of them and at once. */
  readonly environment: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  const take = async (request: IncomingMessage): Promise<void> => {
    const body = await json(request);
    if (request.url !== "/v1/traces") return;
    bodies.push(JSON.stringify(body));
    spans.push(...spansIn(body));
  };
  const server = createServer((request, response) => {
    take(request).then(
      () => response.writeHead(200, { "content-type": "application/json" }).end("{}"),
      () => response.writeHead(400).end(),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = z.object({ port: z.int() }).parse(server.address());
  return {
    spans,
    text: () => bodies.join("\n"),
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${address.port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_TRACES_SAMPLER: "parentbased_always_on",
      OTEL_BSP_SCHEDULE_DELAY: "100",
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Errors: ZodError for what is no export of traces. */
export function spansIn(body: unknown): readonly ReceivedSpan[] {
  return exported.parse(body).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = z.string().parse(resource.attributes["service.name"]);
    return scopeSpans.flatMap((scope) => scope.spans.map((one) => ({ ...one, service })));
  });
}
