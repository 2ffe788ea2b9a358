/**
 * The text of a Word document: its body, then notes, comments, headers and
 * footers. Only those parts are unpacked, together up to a limit; macros,
 * pictures and embedded files never are.
 */
import { Parser } from "htmlparser2";
import { NoteBook } from "../document-note.ts";
import { TextSheet, Unreadable, type Extraction, type ReadingLimits } from "../extraction.ts";
import { openZip, type ZipArchive } from "./zip.ts";
import { attribute, hides, localName, refuseDocumentType, writeWordText } from "./word-text.ts";

const body = "word/document.xml";
const furtherParts = /^word\/(?:footnotes|endnotes|comments|header\d*|footer\d*)\.xml$/;
/** Word's older files, and newer ones under a password, are of this kind. */
const compoundFile = Buffer.from("d0cf11e0a1b11ae1", "hex");

/** @throws Unreadable. */
export function readDocx(file: Buffer, limits: ReadingLimits): Extraction {
  if (file.subarray(0, 8).equals(compoundFile))
    throw new Unreadable("encrypted", "it is under a password, or a file of Word 97-2003");
  const archive = openZip(file, limits.maxUnpackedBytes);
  const notes = new NoteBook();
  const sheet = new TextSheet(limits.maxChars);
  const hidingStyles = readHidingStyles(partText(archive, "word/styles.xml") ?? "");
  const parts = [body, ...archive.names.filter((name) => furtherParts.test(name)).toSorted()];
  for (const part of parts) {
    const xml = partText(archive, part);
    if (xml === null) throw new Unreadable("broken", "it holds no Word document");
    writeWordText({ xml, hidingStyles, sheet, notes });
    sheet.add("\n");
  }
  notes.add("script", archive.names.filter((name) => name.endsWith("/vbaProject.bin")).length);
  const text = sheet.text();
  if (text.trim() === "")
    return { kind: "unreadable", code: "no_text", message: "it holds no text", notes: notes.notes() };
  return { kind: "text", text, notes: notes.notes() };
}

function partText(archive: ZipArchive, name: string): string | null {
  const bytes = archive.read(name);
  if (bytes === null) return null;
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Unreadable("broken", "a part of it is not Unicode text", { cause: error });
  }
}

/** Styles that hide text themselves; what a style inherits is not followed. */
function readHidingStyles(xml: string): ReadonlySet<string> {
  const hiding = new Set<string>();
  let style: string | undefined;
  const parser = new Parser(
    {
      onopentag: (qualified, attributes) => {
        const name = localName(qualified);
        if (name === "style") style = attribute(attributes, "styleId");
        else if (style !== undefined && hides(name, attributes)) hiding.add(style);
      },
      onprocessinginstruction: refuseDocumentType,
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return hiding;
}
