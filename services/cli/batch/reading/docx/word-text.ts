/**
 * The text of one WordprocessingML part, in reading order, with notes of what
 * was left out. Streams: no tree is built, so depth costs nothing. Elements are
 * known by their local names, whatever prefix a file gives them. A document
 * type is refused: OOXML knows none, and entities are an attack.
 */
import { Parser } from "htmlparser2";
import type { NoteBook } from "../document-note.ts";
import { Unreadable, type TextSheet } from "../extraction.ts";

export interface WordPart {
  readonly xml: string;
  /** Names of styles that hide what they are put on. */
  readonly hidingStyles: ReadonlySet<string>;
  readonly sheet: TextSheet;
  readonly notes: NoteBook;
}

const after: Readonly<Record<string, string>> = { p: "\n", tc: "\t", tr: "\n", tbl: "\n" };
const breaks: Readonly<Record<string, string>> = { tab: "\t", br: "\n", cr: "\n", noBreakHyphen: "-", ptab: "\t" };
const textElements: ReadonlySet<string> = new Set(["t"]);
/** A moved passage stands where it went; of two versions of a drawing the fallback is the second. */
const leftOut: ReadonlySet<string> = new Set(["del", "moveFrom", "Fallback", "instrText", "delText"]);
const noted = {
  del: "tracked_deletion",
  moveFrom: "tracked_deletion",
  blip: "image",
  imagedata: "image",
  OLEObject: "embedded_object",
  altChunk: "embedded_object",
  chart: "unsupported_part",
  relIds: "unsupported_part",
} as const;
const notedNames: ReadonlyMap<string, (typeof noted)[keyof typeof noted]> = new Map(Object.entries(noted));

/** @throws Unreadable. */
export function writeWordText(part: WordPart): void {
  const state = new WordState(part);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => state.open(localName(name), attributes),
      onclosetag: (name) => state.close(localName(name)),
      ontext: (text) => state.text(text),
      onprocessinginstruction: refuseDocumentType,
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(part.xml);
}

export function refuseDocumentType(name: string): void {
  if (name.toLowerCase() === "!doctype") throw new Unreadable("broken", "it declares a document type, as no docx may");
}

export function localName(name: string): string {
  return name.slice(name.lastIndexOf(":") + 1);
}

export function attribute(attributes: Readonly<Record<string, string>>, wanted: string): string | undefined {
  return Object.entries(attributes).find(([name]) => localName(name) === wanted)?.[1];
}

/** Of a run's properties: hidden, white, or smaller than a point. */
export function hides(name: string, attributes: Readonly<Record<string, string>>): boolean {
  const value = attribute(attributes, "val")?.toLowerCase();
  if (name === "vanish" || name === "specVanish") return value === undefined || !["0", "false", "off"].includes(value);
  if (name === "color") return value === "ffffff";
  return name === "sz" && value !== undefined && Number(value) < 2;
}

class WordState {
  readonly #part: WordPart;
  #skipped = 0;
  #inText = 0;
  #inRun = false;
  #inRunProperties = false;
  #hidden = false;
  #paragraphHidden = false;

  constructor(part: WordPart) {
    this.#part = part;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const note = notedNames.get(name);
    if (note !== undefined && (this.#skipped === 0 || note === "tracked_deletion")) this.#note(name, note);
    if (leftOut.has(name)) this.#skipped += 1;
    if (textElements.has(name)) this.#inText += 1;
    if (name === "p") {
      this.#inRun = false;
      this.#paragraphHidden = false;
    }
    if (name === "pStyle") this.#paragraphHidden = this.#isHiding(attributes);
    if (name === "r") {
      this.#inRun = true;
      this.#hidden = this.#paragraphHidden;
    }
    if (name === "rPr") this.#inRunProperties = true;
    if (this.#inRun && this.#inRunProperties)
      this.#hidden ||= hides(name, attributes) || (name === "rStyle" && this.#isHiding(attributes));
    else if (this.#inRun && this.#skipped === 0) this.#part.sheet.add(breaks[name] ?? "");
  }

  close(name: string): void {
    if (leftOut.has(name)) this.#skipped -= 1;
    if (textElements.has(name)) this.#inText -= 1;
    if (name === "rPr") this.#inRunProperties = false;
    if (name === "r") this.#inRun = false;
    if (this.#skipped === 0) this.#part.sheet.add(after[name] ?? "");
  }

  text(text: string): void {
    if (this.#inText <= 0 || this.#skipped > 0) return;
    this.#part.sheet.add(text);
    if (this.#hidden) this.#part.notes.add("hidden_text", text.length);
  }

  /** `del` also marks a deleted paragraph's end or table row, in properties: that counts, and holds no text. */
  #note(name: string, note: (typeof noted)[keyof typeof noted]): void {
    if (name !== "del" || !this.#inRunProperties) this.#part.notes.add(note);
  }

  #isHiding(attributes: Readonly<Record<string, string>>): boolean {
    return this.#part.hidingStyles.has(attribute(attributes, "val") ?? "");
  }
}
