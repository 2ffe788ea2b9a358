/** Whatever bytes come, there is an answer, the process lives, and the next document is read. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import {
  docxOf,
  pdfImage,
  pdfLine,
  pdfOf,
  pdfPages,
  pdfStream,
  wordLine,
} from "../../../../test/support/document-files.ts";
import { DocumentExtractor, extractorLimits, type ExtractorLimits } from "./document-extractor.ts";
import type { DocumentFormat, Extraction } from "./extraction.ts";

const extractor = new DocumentExtractor();
after(() => extractor.close());

const whole: Readonly<Record<DocumentFormat, Buffer<ArrayBuffer>>> = {
  pdf: pdfPages([pdfLine("One page"), pdfLine("Another") + pdfImage], { deflate: true }),
  docx: docxOf(wordLine("One paragraph") + wordLine("Another", "<w:vanish/>")),
  html: Buffer.from("<style>.a{display:none}</style><table><tr><td>One<td>Another</table><p class=a>x<pre>\n y"),
};

const formats = ["pdf", "docx", "html"] as const;

test("each format is read in the process, again and again, and two readings are equal", async () => {
  for (const format of formats) {
    const first = await extractor.read(format, whole[format]);
    assert.equal(first.kind, "text", format);
    assert.deepEqual(await extractor.read(format, whole[format]), first);
  }
});

test("bytes that were changed or cut off never end in a crash: there is a text, or a reason", async () => {
  const change = fc.record({ at: fc.nat(), to: fc.nat(255) });
  const changes = fc.record({
    format: fc.constantFrom(...formats),
    flips: fc.array(change, { maxLength: 8 }),
    keep: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  });
  await fc.assert(
    fc.asyncProperty(changes, async ({ format, flips, keep }) => {
      const bytes = Buffer.from(whole[format]);
      for (const { at, to } of flips) bytes[at % bytes.length] = to;
      const read = await extractor.read(format, bytes.subarray(0, Math.round(bytes.length * keep)));
      assert.ok(read.kind === "unreadable" ? read.message !== "" : read.text.trim() !== "");
    }),
    { numRuns: 300 },
  );
});

test("bytes that are nothing at all never end in a crash either", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...formats), fc.uint8Array({ maxLength: 300 }), async (format, bytes) => {
      assert.ok(["text", "unreadable"].includes((await extractor.read(format, Buffer.from(bytes))).kind));
    }),
    { numRuns: 150 },
  );
});

/** What the limits make of a file, and that the next one is read as if nothing had been. */
async function underLimits(
  limits: Partial<ExtractorLimits>,
  format: DocumentFormat,
  bytes: Buffer<ArrayBuffer>,
): Promise<Extraction> {
  const limited = new DocumentExtractor({ ...extractorLimits, ...limits });
  const read = await limited.read(format, bytes);
  assert.equal((await limited.read("html", Buffer.from("<p>next"))).kind, "text");
  await limited.close();
  return read;
}

function overLimit(read: Extraction): string {
  return read.kind === "unreadable" ? `${read.code}: ${read.message}` : "it was read";
}

test("a page that unpacks to far more than it weighs is given up when its process grows", async () => {
  const bomb = pdfOf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
    pdfStream(deflateSync(Buffer.alloc(400 * 1024 * 1024, " ")), "/Filter /FlateDecode"),
  ]);
  const read = await underLimits({ maxRssBytes: 300 * 1024 * 1024 }, "pdf", bomb);
  assert.match(overLimit(read), /^over_limit: .*memory/);
});

test("an element of a million attributes is given up when the heap is full", async () => {
  const attributes = Array.from({ length: 1_000_000 }, (_, at) => `a${at.toString(36)}`).join(" ");
  const read = await underLimits({ heapMb: 64 }, "html", Buffer.from(`<p ${attributes}>x`));
  assert.match(overLimit(read), /^over_limit: .*memory/);
});

test("a document of more depth than there is time for is given up", async () => {
  const limited = new DocumentExtractor({ ...extractorLimits, timeoutMs: 1 });
  const deep = Buffer.from("<div>".repeat(5_000_000));
  assert.equal(overLimit(await limited.read("html", deep)), "over_limit: reading it took more than 0.001 s");
  assert.equal(overLimit(await limited.read("html", deep)), "over_limit: reading it took more than 0.001 s");
  await limited.close();
});
