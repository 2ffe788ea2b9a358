/**
 * The text of a pdf, page by page, with what its forms and remarks say. Nothing
 * of it is run or fetched and no picture is decoded. Pages are read one after
 * the other and forgotten; a page that fails is noted and the next one read.
 */
import { getDocument, normalizeUnicode, PasswordException } from "unpdf/pdfjs";
import { NoteBook } from "../document-note.ts";
import { TextSheet, Unreadable, type Extraction, type ReadingLimits } from "../extraction.ts";
import { seenText } from "./seen-text.ts";

type PdfDocument = Awaited<ReturnType<typeof getDocument>["promise"]>;
type PdfPage = Awaited<ReturnType<PdfDocument["getPage"]>>;

const endMark = "%%EOF";

/** @throws Unreadable. */
export async function readPdf(file: Buffer, limits: ReadingLimits): Promise<Extraction> {
  const notes = new NoteBook();
  const sheet = new TextSheet(limits.maxChars);
  if (!file.subarray(-1024).includes(endMark)) notes.add("cut_off");
  const task = getDocument({
    // The library keeps what it is given.
    data: Uint8Array.from(file),
    maxImageSize: 0,
    disableFontFace: true,
    useSystemFonts: false,
    useWasm: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    verbosity: 0,
  });
  try {
    const document = await opened(task.promise);
    if (document.numPages > limits.maxPages)
      throw new Unreadable("over_limit", `it has ${document.numPages} pages; at most ${limits.maxPages} are read`);
    for (let number = 1; number <= document.numPages; number += 1) {
      await readPage(document, { number, sheet, notes });
      sheet.add("\n\n");
    }
    await noteParts(document, notes);
  } finally {
    await task.destroy();
  }
  const text = sheet.text();
  if (text.trim() === "")
    return { kind: "unreadable", code: "no_text", message: "it holds no text that can be read", notes: notes.notes() };
  return { kind: "text", text, notes: notes.notes() };
}

async function opened(document: Promise<PdfDocument>): Promise<PdfDocument> {
  try {
    return await document;
  } catch (error) {
    if (error instanceof PasswordException)
      throw new Unreadable("encrypted", "it opens with a password only", { cause: error });
    throw new Unreadable("broken", "it is no pdf, or damaged beyond reading", { cause: error });
  }
}

interface Reading {
  readonly number: number;
  readonly sheet: TextSheet;
  readonly notes: NoteBook;
}

async function readPage(document: PdfDocument, { number, sheet, notes }: Reading): Promise<void> {
  let page: PdfPage | undefined;
  try {
    page = await document.getPage(number);
    const text = await pageText(page);
    const remarks = await remarksOf(page);
    const seen = seenText(await page.getOperatorList());
    sheet.add(normalizeUnicode(text));
    for (const { said, hidden } of remarks) {
      sheet.add(`\n${said}`);
      if (hidden) notes.add("hidden_text", said.length, number);
    }
    notes.add("hidden_text", Math.min(inkIn(text), seen.hiddenChars), number);
    notes.add("text_off_page", seen.chars - inkIn(text), number);
    notes.add("unmapped_text", seen.unmappedChars, number);
    notes.add("unreadable_font", seen.unreadableTexts, number);
    if (text.trim() !== "") notes.add("image", seen.images, number);
    else if (seen.images + seen.drawings > 0) notes.add("page_without_text", 1, number);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    notes.add("unreadable_page", 1, number);
  } finally {
    page?.cleanup();
  }
}

/** What lies outside of the page is not among the items. */
async function pageText(page: PdfPage): Promise<string> {
  const { items } = await page.getTextContent({ disableNormalization: true });
  return items.map((item) => ("str" in item ? (item.hasEOL ? `${item.str}\n` : item.str) : "")).join("");
}

function inkIn(text: string): number {
  return text.replaceAll(/\s/g, "").length;
}

interface Remark {
  readonly said: string;
  readonly hidden: boolean;
}

const hiddenFlags = 0b100010;

/** What was filled into fields, and what notes on the page say. */
async function remarksOf(page: PdfPage): Promise<readonly Remark[]> {
  const annotations: readonly unknown[] = await page.getAnnotations({ intent: "display" });
  return annotations.flatMap((annotation) => {
    if (typeof annotation !== "object" || annotation === null) return [];
    const flags = "annotationFlags" in annotation ? Number(annotation.annotationFlags) : 0;
    const said = [
      "fieldValue" in annotation && !("password" in annotation && annotation.password === true)
        ? annotation.fieldValue
        : "",
      "contentsObj" in annotation ? strOf(annotation.contentsObj) : "",
    ];
    return said.flatMap((value) => {
      const words = Array.isArray(value) ? value.join(", ") : value;
      return typeof words === "string" && words.trim() !== ""
        ? [{ said: words, hidden: (flags & hiddenFlags) !== 0 }]
        : [];
    });
  });
}

function strOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "str" in value ? value.str : "";
}

async function noteParts(document: PdfDocument, notes: NoteBook): Promise<void> {
  const attachments: unknown = await document.getAttachments();
  if (attachments instanceof Map) notes.add("embedded_object", attachments.size);
  if (await document.hasJSActions()) notes.add("script");
  const { info } = await document.getMetadata();
  if ("IsXFAPresent" in info && info.IsXFAPresent === true) notes.add("unsupported_part");
}
