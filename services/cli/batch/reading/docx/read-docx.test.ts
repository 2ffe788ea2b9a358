import assert from "node:assert/strict";
import { test } from "node:test";
import { docxOf, wordLine, wordXml, zipOf } from "../../../../../test/support/document-files.ts";
import { Unreadable, type Extraction } from "../extraction.ts";
import { readDocx } from "./read-docx.ts";

const limits = { maxChars: 100_000, maxPages: 1, maxUnpackedBytes: 1_000_000 };
const read = (body: string): Extraction => readDocx(docxOf(body), limits);
const textOf = (extraction: Extraction): string => (extraction.kind === "text" ? extraction.text : extraction.code);

test("paragraphs are lines, table cells are parted by tabs, breaks and entities are what they say", () => {
  const cell = (text: string): string => `<w:tc>${wordLine(text)}</w:tc>`;
  const table = `<w:tbl><w:tr>${cell("a")}${cell("b")}</w:tr></w:tbl>`;
  const breaks =
    "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>x</w:t><w:tab/><w:t>y</w:t><w:br/><w:t>z</w:t></w:r></w:p>";
  const { notes, ...rest } = read(`${wordLine("R&amp;D &#233;t&#xe9; ")}${breaks}${table}`);
  assert.deepEqual(notes, []);
  assert.deepEqual(rest, { kind: "text", text: "R&D été\nx\ty\nz\na\n\tb" });
});

test("headers, footers, footnotes and comments come after the body", () => {
  const parts = ["header1", "footnotes", "comments"].map((name) => ({
    name: `word/${name}.xml`,
    content: wordXml(wordLine(name)),
  }));
  assert.equal(textOf(readDocx(docxOf(wordLine("body"), parts), limits)), "body\n\ncomments\n\nfootnotes\n\nheader1");
});

test("prefixes are a file's own choice", () => {
  const body = wordXml(wordLine("seen")).replaceAll("w:", "evil:");
  assert.equal(textOf(readDocx(zipOf([{ name: "word/document.xml", content: body }]), limits)), "seen");
});

const parts: Readonly<Record<string, readonly [body: string, code: string]>> = {
  "a tracked deletion": ["<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>", "tracked_deletion"],
  "the old place of a moved passage": [
    "<w:p><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>",
    "tracked_deletion",
  ],
  "a picture": ["<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>", "image"],
  "an embedded file": ["<w:p><w:r><w:object><o:OLEObject/></w:object></w:r></w:p>", "embedded_object"],
  "a chart": ["<w:p><w:r><w:drawing><c:chart/></w:drawing></w:r></w:p>", "unsupported_part"],
};

for (const [what, [body, code]] of Object.entries(parts))
  test(`${what} is told, and its text is not there`, () => {
    const extraction = read(`${wordLine("kept")}${body}`);
    assert.equal(textOf(extraction), "kept");
    assert.deepEqual(extraction.notes, [{ code, count: 1 }]);
  });

test("an insertion is text, a drawing's second version is not read twice, a field's code is no text", () => {
  const twice =
    "<mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>box</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>";
  const inserted = "<w:ins><w:r><w:t>new</w:t></w:r></w:ins>";
  const field = "<w:r><w:instrText>INCLUDETEXT x</w:instrText></w:r>";
  const extraction = read(`<w:p>${inserted}${field}</w:p><w:p><w:r>${twice}</w:r></w:p>`);
  assert.deepEqual([textOf(extraction), extraction.notes], ["new\nbox", []]);
});

const hiding: readonly string[] = [
  "<w:vanish/>",
  '<w:color w:val="FFFFFF"/>',
  '<w:sz w:val="1"/>',
  '<w:rStyle w:val="Ghost"/>',
];
const styles = {
  name: "word/styles.xml",
  content: '<w:styles><w:style w:styleId="Ghost"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>',
};

for (const property of hiding)
  test(`text hidden by ${property} is in the text and is told`, () => {
    const extraction = readDocx(docxOf(wordLine("seen") + wordLine("ignore all", property), [styles]), limits);
    assert.equal(textOf(extraction), "seen\nignore all");
    assert.deepEqual(extraction.notes, [{ code: "hidden_text", count: 10 }]);
  });

test("a property that is switched off hides nothing, and a run's properties end with it", () => {
  assert.deepEqual(read(wordLine("a", '<w:vanish w:val="0"/>') + wordLine("b")).notes, []);
});

test("macros are told", () => {
  const file = docxOf(wordLine("x"), [{ name: "word/vbaProject.bin", content: "code" }]);
  assert.deepEqual(readDocx(file, limits).notes, [{ code: "script", count: 1 }]);
});

test("a document of pictures alone holds no text, and says what it holds", () => {
  const extraction = read("<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>");
  assert.deepEqual([textOf(extraction), extraction.notes], ["no_text", [{ code: "image", count: 1 }]]);
});

const entities = `<!DOCTYPE x [<!ENTITY a "${"a".repeat(100)}"><!ENTITY b "${"&a;".repeat(100)}">]>${wordXml(wordLine("&b;"))}`;
const part = (fields: object): Buffer =>
  zipOf([{ name: "word/document.xml", content: wordXml(wordLine("x")), ...fields }]);
const refused: Readonly<Record<string, readonly [file: Buffer, code: string]>> = {
  "whose part unpacks to more than the limit": [docxOf(wordLine("x".repeat(1_100_000))), "over_limit"],
  "whose part is longer than its directory says": [part({ bytes: 5 }), "broken"],
  "whose part is shorter than its directory says": [part({ bytes: 900 }), "broken"],
  "whose part has another checksum": [part({ crc: 7 }), "broken"],
  "whose parts are encrypted": [part({ flags: 1 }), "encrypted"],
  "under a password, which makes it another kind of file": [Buffer.from("d0cf11e0a1b11ae100", "hex"), "encrypted"],
  "that declares entities": [zipOf([{ name: "word/document.xml", content: entities }]), "broken"],
  "without a document": [zipOf([{ name: "xl/workbook.xml", content: "<x/>" }]), "broken"],
  "that is not UTF-8": [zipOf([{ name: "word/document.xml", content: Buffer.from([0x3c, 0xff]) }]), "broken"],
  "that is no archive": [Buffer.from("hello"), "broken"],
  "that is empty": [Buffer.alloc(0), "broken"],
  "of more text than a request holds": [docxOf(wordLine("x".repeat(100_001))), "too_large"],
};

for (const [what, [file, code]] of Object.entries(refused))
  test(`a docx ${what} is refused as ${code}`, () => {
    assert.throws(
      () => readDocx(file, limits),
      (error) => error instanceof Unreadable && error.code === code,
    );
  });

test("many thousand nested elements are read like any other", () => {
  const deep = 5000;
  assert.equal(textOf(read(`${"<w:sdt>".repeat(deep)}${wordLine("found")}${"</w:sdt>".repeat(deep)}`)), "found");
});
