/**
 * Small pdf and docx files made from their parts, well formed unless a test
 * asks for something else. (A pdf's offsets and a zip's checksums are computed,
 * so that what a test breaks is the only thing broken.)
 */
import { crc32, deflateRawSync, deflateSync } from "node:zlib";

/** Objects of a pdf, numbered from 1; the first is its catalog. */
export function pdfOf(objects: readonly (string | Buffer)[], trailer = ""): Buffer<ArrayBuffer> {
  const parts: Buffer[] = [Buffer.from("%PDF-1.7\n")];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  const add = (part: string | Buffer): void => {
    const bytes = typeof part === "string" ? Buffer.from(part, "latin1") : part;
    parts.push(bytes);
    length += bytes.length;
  };
  for (const [index, object] of objects.entries()) {
    offsets.push(length);
    add(`${index + 1} 0 obj\n`);
    add(object);
    add("\nendobj\n");
  }
  const table = length;
  add(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`);
  for (const offset of offsets) add(`${String(offset).padStart(10, "0")} 00000 n \n`);
  add(`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${table}\n%%EOF\n`);
  return Buffer.concat(parts);
}

export function pdfStream(content: string | Buffer, entries = ""): Buffer {
  const bytes = typeof content === "string" ? Buffer.from(content, "latin1") : content;
  const head = Buffer.from(`<< /Length ${bytes.length} ${entries} >>\nstream\n`);
  return Buffer.concat([head, bytes, Buffer.from("\nendstream")]);
}

export interface PdfParts {
  /** Entries of the catalog. */
  readonly catalog?: string;
  /** Entries of each page, `/Annots` for example. */
  readonly page?: string;
  readonly trailer?: string;
  /** Objects after the pages, numbered from 5 + 2 x pages. */
  readonly further?: readonly (string | Buffer)[];
  readonly deflate?: boolean;
}

/** One page for each content stream; /F1 is Helvetica, /Im0 an image. */
export function pdfPages(contents: readonly (string | Buffer)[], parts: PdfParts = {}): Buffer<ArrayBuffer> {
  const kids = contents.map((_, index) => `${5 + 2 * index} 0 R`).join(" ");
  const pages = contents.flatMap((content, index) => [
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${6 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R >> /XObject << /Im0 4 0 R >> >> ${parts.page ?? ""} >>`,
    parts.deflate === true ? pdfStream(deflateSync(content), "/Filter /FlateDecode") : pdfStream(content),
  ]);
  return pdfOf(
    [
      `<< /Type /Catalog /Pages 2 0 R ${parts.catalog ?? ""} >>`,
      `<< /Type /Pages /Kids [${kids}] /Count ${contents.length} >>`,
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
      pdfStream("\0", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"),
      ...pages,
      ...(parts.further ?? []),
    ],
    parts.trailer,
  );
}

/** A line of text at the height `y`, after the operations of `before`. */
export function pdfLine(text: string, y = 700, before = ""): string {
  return `q BT /F1 12 Tf ${before} 72 ${y} Td (${text}) Tj ET Q\n`;
}

export const pdfImage = "q 612 0 0 792 0 0 cm /Im0 Do Q\n";

export interface ZipEntry {
  readonly name: string;
  readonly content: string | Buffer;
  /** Written instead of the true ones. */
  readonly bytes?: number;
  readonly crc?: number;
  readonly flags?: number;
}

export function zipOf(entries: readonly ZipEntry[]): Buffer<ArrayBuffer> {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content);
    const packed = deflateRawSync(content);
    const name = Buffer.from(entry.name);
    const numbers = Buffer.alloc(26);
    numbers.writeUInt16LE(20, 0);
    numbers.writeUInt16LE(entry.flags ?? 0, 2);
    numbers.writeUInt16LE(8, 4);
    numbers.writeUInt32LE(entry.crc ?? crc32(content), 10);
    numbers.writeUInt32LE(packed.length, 14);
    numbers.writeUInt32LE(entry.bytes ?? content.length, 18);
    numbers.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), numbers, name, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\0", "latin1"), numbers, place, name]));
    locals.push(local);
    at += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, list, end]);
}

/** A docx whose body is this WordprocessingML, and further parts. */
export function docxOf(body: string, further: readonly ZipEntry[] = []): Buffer<ArrayBuffer> {
  return zipOf([
    { name: "[Content_Types].xml", content: "<Types/>" },
    { name: "word/document.xml", content: wordXml(body) },
    ...further,
  ]);
}

export function wordXml(inner: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${inner}</w:body></w:document>`;
}

/** A paragraph of one run with these run properties. */
export function wordLine(text: string, properties = ""): string {
  return `<w:p><w:r><w:rPr>${properties}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}
