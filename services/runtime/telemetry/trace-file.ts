/**
 * Writes spans to a file, one OTLP/JSON export request a line, as the
 * OpenTelemetry collector's file receiver reads them. For development and
 * tests, where no collector runs. A full file becomes `<file>.1`, in place of
 * the one before: it and its successor are all that is kept.
 */
import { appendFile, rename, stat } from "node:fs/promises";
import { ExportResultCode, type ExportResult } from "@opentelemetry/core";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";

const fullBytes = 64 * 1024 * 1024;

/** `file` belongs to this process alone: two that made room at once would lose spans. */
export function traceFileExporter(file: string, mostBytes = fullBytes): SpanExporter {
  let writing: Promise<void> = Promise.resolve();
  let held: number | null = null;
  const write = async (spans: ReadableSpan[]): Promise<void> => {
    const request = JsonTraceSerializer.serializeRequest(spans);
    if (request === undefined) return;
    held ??= await sizeOf(file);
    if (held > 0 && held + request.length >= mostBytes) {
      await rename(file, `${file}.1`);
      held = 0;
    }
    await appendFile(file, Buffer.concat([request, Buffer.from("\n")]));
    held += request.length + 1;
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

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}
