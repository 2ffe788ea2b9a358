/**
 * Writes spans to a file, one OTLP/JSON export request a line, as the
 * OpenTelemetry collector's file receiver reads them. For development and
 * tests, where no collector runs.
 */
import { appendFile } from "node:fs/promises";
import { ExportResultCode, type ExportResult } from "@opentelemetry/core";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";

export function traceFileExporter(file: string): SpanExporter {
  let writing: Promise<void> = Promise.resolve();
  const write = async (spans: ReadableSpan[]): Promise<void> => {
    const request = JsonTraceSerializer.serializeRequest(spans);
    if (request !== undefined) await appendFile(file, Buffer.concat([request, Buffer.from("\n")]));
  };
  return {
    export: (spans: ReadableSpan[], done: (result: ExportResult) => void) => {
      writing = writing
        .then(() => write(spans))
        .then(
          () => done({ code: ExportResultCode.SUCCESS }),
          (error: unknown) =>
            done({ code: ExportResultCode.FAILED, error: error instanceof Error ? error : new Error("not written") }),
        );
    },
    forceFlush: () => writing,
    shutdown: () => writing,
  };
}
