import assert from "node:assert/strict";
import { test } from "node:test";
import { pdfImage, pdfLine, pdfPages } from "../../../../../test/support/document-files.ts";
import type { Extraction } from "../extraction.ts";
import { Unreadable } from "../extraction.ts";
import { readPdf } from "./read-pdf.ts";

const limits = { maxChars: 100_000, maxPages: 100, maxUnpackedBytes: 1 };

async function noted(...contents: readonly string[]): Promise<Extraction["notes"]> {
  return (
    await readPdf(pdfPages([pdfLine("A sentence that all can see, long enough to hold them."), ...contents]), limits)
  ).notes;
}

test("pages come in order, lines as lines, and nothing is to be said of them", async () => {
  const file = pdfPages([pdfLine("One") + pdfLine("more", 680), pdfLine("Two")], { deflate: true });
  assert.deepEqual(await readPdf(file, limits), { kind: "text", text: "One\nmore\n\nTwo", notes: [] });
});

test("a page that is a picture alone is told by its number, and a blank one is not", async () => {
  assert.deepEqual(await noted(pdfImage, "q Q", pdfImage, "0 0 10 10 re f"), [
    { code: "page_without_text", count: 3, pages: [2, 4, 5] },
  ]);
});

test("pictures beside text are counted", async () => {
  assert.deepEqual(await noted(pdfLine("text") + pdfImage + pdfImage), [{ code: "image", count: 2, pages: [2] }]);
});

test("a document of pictures alone is unreadable, and says which pages", async () => {
  assert.deepEqual(await readPdf(pdfPages([pdfImage, pdfImage]), limits), {
    kind: "unreadable",
    code: "no_text",
    message: "it holds no text that can be read",
    notes: [{ code: "page_without_text", count: 2, pages: [1, 2] }],
  });
});

const secret = "ignore all";
const waysToHide: Readonly<Record<string, string>> = {
  "invisible ink": pdfLine(secret, 700, "3 Tr"),
  "white ink": pdfLine(secret, 700, "1 1 1 rg"),
  "white ink by a grey scale": pdfLine(secret, 700, "1 g"),
  "letters of half a point": pdfLine(secret, 700, "/F1 0.5 Tf"),
  "letters that the page makes small": `q 0.01 0 0 0.01 0 0 cm ${pdfLine(secret)} Q`,
};

for (const [way, content] of Object.entries(waysToHide))
  test(`text hidden by ${way} is in the text and is told`, async () => {
    const read = await readPdf(pdfPages([pdfLine("Enough that is seen by all.") + content]), limits);
    assert.match(read.kind === "text" ? read.text : "", /ignore all/);
    assert.deepEqual(read.notes, [{ code: "hidden_text", count: 9, pages: [1] }]);
  });

test("text outside of the page is left out, and told", async () => {
  const read = await readPdf(pdfPages([pdfLine("Seen.") + pdfLine(secret, 5000)]), limits);
  assert.deepEqual(read, { kind: "text", text: "Seen.", notes: [{ code: "text_off_page", count: 9, pages: [1] }] });
});

test("ink goes back to black with the state that was saved", async () => {
  assert.deepEqual(await noted(`q 1 1 1 rg Q ${pdfLine("seen")}`), []);
});

test("a font whose characters are not known is told, and so are characters without a meaning", async () => {
  const font = (encoding: string): string =>
    `<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /${encoding} /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> /FontDescriptor << /Type /FontDescriptor /FontName /X /Flags 4 >> >>] >>`;
  const page = "/Resources << /Font << /F1 3 0 R /F2 7 0 R >> >>";
  const file = pdfPages([pdfLine("Known.") + "BT /F2 12 Tf 72 500 Td <82a082a2> Tj ET"], {
    further: [font("90ms-RKSJ-H")],
    page,
  });
  const { notes } = await readPdf(file, limits);
  assert.deepEqual(notes, [{ code: "unreadable_font", count: 1, pages: [1] }]);
});

test("what was filled into a form and noted on a page is text", async () => {
  const file = pdfPages([pdfLine("Form")], {
    catalog: "/AcroForm << /Fields [7 0 R] >>",
    page: "/Annots [7 0 R 8 0 R 9 0 R]",
    further: [
      "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ada Lovelace) /Rect [10 10 50 20] >>",
      "<< /Type /Annot /Subtype /Text /Contents (Please check) /Rect [10 10 50 20] >>",
      "<< /Type /Annot /Subtype /Text /Contents (planted) /F 2 /Rect [10 10 50 20] >>",
    ],
  });
  assert.deepEqual(await readPdf(file, limits), {
    kind: "text",
    text: "Form\nPlease check\nplanted\nAda Lovelace",
    notes: [{ code: "hidden_text", count: 7, pages: [1] }],
  });
});

test("a script is told and not run, an attached file is told and not opened", async () => {
  const file = pdfPages([pdfLine("Plain")], {
    catalog:
      "/OpenAction << /S /JavaScript /JS (globalThis.ran = true) >> /Names << /EmbeddedFiles << /Names [(a.txt) 7 0 R] >> >>",
    further: ["<< /Type /Filespec /F (a.txt) /EF << /F 8 0 R >> >>", "<< /Length 2 >>\nstream\nhi\nendstream"],
  });
  const read = await readPdf(file, limits);
  assert.deepEqual(
    read.notes.map(({ code, count }) => [code, count]),
    [
      ["embedded_object", 1],
      ["script", 1],
    ],
  );
  assert.ok(!("ran" in globalThis));
});

test("a file that ends early says so", async () => {
  const whole = pdfPages([pdfLine("Here")]);
  const read = await readPdf(whole.subarray(0, whole.length - 6), limits);
  assert.deepEqual(read.notes, [{ code: "cut_off", count: 1 }]);
});

const refused: Readonly<Record<string, readonly [file: Buffer, code: string]>> = {
  "that needs a password": [
    pdfPages([pdfLine("x")], {
      trailer: `/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${"11".repeat(32)}> /U <${"22".repeat(32)}> >>`,
    }),
    "encrypted",
  ],
  "that is none": [Buffer.from("<html>"), "broken"],
  "that is empty": [Buffer.alloc(0), "broken"],
  "of more pages than are read": [pdfPages(Array.from({ length: 101 }, () => "q Q")), "over_limit"],
  "of more text than a request holds": [
    pdfPages([Array.from({ length: 2500 }, (_, line) => pdfLine("x".repeat(50), line / 4)).join("")]),
    "too_large",
  ],
};

for (const [what, [file, code]] of Object.entries(refused))
  test(`a pdf ${what} is refused as ${code}`, async () => {
    await assert.rejects(readPdf(file, limits), (error) => error instanceof Unreadable && error.code === code);
  });
