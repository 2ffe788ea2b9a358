/**
 * The process that reads hostile files: one document a message, one extraction
 * an answer. What a reader throws is about the file, and becomes an answer.
 * Ends with the batch that started it.
 */
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { documentFormats, readingLimits, Unreadable, type Extraction } from "./extraction.ts";
import { readDocx } from "./docx/read-docx.ts";
import { readHtml } from "./html/read-html.ts";
import { readPdf } from "./pdf/read-pdf.ts";

const extractionOrder = z.object({
  format: z.enum(documentFormats),
  bytes: z.instanceof(Uint8Array),
  limits: readingLimits,
});
export type ExtractionOrder = z.infer<typeof extractionOrder>;

const watch = new Worker(new URL("./memory-watch.ts", import.meta.url), {
  workerData: { maxRssBytes: Number(process.argv[2]) },
});
watch.unref();

process.on("message", (message: unknown) => {
  void extractText(extractionOrder.parse(message)).then((extraction) => process.send?.(extraction));
});

async function extractText({ format, bytes, limits }: ExtractionOrder): Promise<Extraction> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    switch (format) {
      case "pdf":
        return await readPdf(file, limits);
      case "docx":
        return readDocx(file, limits);
      case "html":
        return readHtml(file, limits.maxChars);
    }
  } catch (error) {
    if (error instanceof Unreadable) return { kind: "unreadable", code: error.code, message: error.message, notes: [] };
    return { kind: "unreadable", code: "broken", message: "it is damaged beyond reading", notes: [] };
  }
}
