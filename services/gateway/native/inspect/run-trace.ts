/**
 * The trace of a run, as far as it was recorded: its id stands in the headers
 * of the run's result (W3C Trace Context), and a setting says where traces are
 * looked at. A trace that its sampler left out is not told of: there is nothing
 * to look at.
 */
import { z } from "zod";

export const runTrace = z.object({
  trace_id: z.string(),
  url: z.string().optional().describe("Where it is looked at, by BREAKWATER_TRACE_URL_TEMPLATE"),
});

const traceparent = /^[0-9a-f]{2}-(?<id>[0-9a-f]{32})-[0-9a-f]{16}-(?<flags>[0-9a-f]{2})/;

/** `template`: an address with `{trace_id}`. */
export function traceIn(
  headers: Readonly<Record<string, string>>,
  template: string | undefined,
): z.infer<typeof runTrace> | undefined {
  const { id, flags = "0" } = traceparent.exec(headers["traceparent"] ?? "")?.groups ?? {};
  const isRecorded = (Number.parseInt(flags, 16) & 1) === 1;
  if (id === undefined || !isRecorded || /^0+$/.test(id)) return undefined;
  return { trace_id: id, ...(template === undefined ? {} : { url: template.replaceAll("{trace_id}", id) }) };
}
