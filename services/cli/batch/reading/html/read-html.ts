/**
 * The text of an HTML file as a reader would see it, block by block. Scripts
 * are never run and nothing is loaded. Text that a page hides stays in, as
 * whoever planted it would count on nobody looking; it is noted. Streams: depth
 * costs a stack entry, no recursion.
 */
import { Parser } from "htmlparser2";
import { NoteBook } from "../document-note.ts";
import { TextSheet, type Extraction } from "../extraction.ts";
import { decodeHtml } from "./decode-html.ts";
import { hidesText, hidingSelectors, maxStyleChars, selectorsOf } from "./hidden-style.ts";

const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));
const blocks = words(
  "address article aside blockquote body br caption dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol option p pre section select summary table tbody tfoot thead title tr ul",
);
const paragraphs = words("h1 h2 h3 h4 h5 h6 p pre table title ul ol blockquote");
const withoutText = words("script style template iframe object embed canvas audio video applet noembed noframes");
const noted = {
  img: "image",
  picture: "image",
  svg: "image",
  script: "script",
  iframe: "embedded_object",
  object: "embedded_object",
  embed: "embedded_object",
  canvas: "embedded_object",
  audio: "embedded_object",
  video: "embedded_object",
  applet: "embedded_object",
} as const;
const notedNames: ReadonlyMap<string, (typeof noted)[keyof typeof noted]> = new Map(Object.entries(noted));

/** @throws Unreadable. */
export function readHtml(bytes: Buffer, maxChars: number): Extraction {
  const notes = new NoteBook();
  const page = new Page(new TextSheet(maxChars), notes);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => page.open(name, attributes),
      onclosetag: (name) => page.close(name),
      ontext: (text) => page.text(text),
    },
    { decodeEntities: true },
  );
  parser.end(decodeHtml(bytes));
  const text = page.sheet.text();
  if (text.trim() === "")
    return { kind: "unreadable", code: "no_text", message: "it holds no text", notes: notes.notes() };
  return { kind: "text", text, notes: notes.notes() };
}

interface Opened {
  readonly hides: boolean;
}

class Page {
  readonly sheet: TextSheet;
  readonly #notes: NoteBook;
  readonly #opened: Opened[] = [];
  readonly #hiding = new Set<string>();
  #styleSheet = "";
  #hidden = 0;
  #silent = 0;
  #preformatted = 0;
  #atLineStart = true;
  #space = false;

  constructor(sheet: TextSheet, notes: NoteBook) {
    this.sheet = sheet;
    this.#notes = notes;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const note = notedNames.get(name);
    if (note !== undefined && this.#silent === 0) this.#notes.add(note);
    const hides = this.#hides(name, attributes);
    this.#opened.push({ hides });
    if (hides) this.#hidden += 1;
    if (withoutText.has(name)) this.#silent += 1;
    if (name === "style") this.#styleSheet = "";
    if (name === "pre" || name === "textarea") this.#preformatted += 1;
    if (blocks.has(name)) this.#break(name);
    if (name === "li") this.#write("- ");
    if (name === "td" || name === "th") this.#space = false;
  }

  close(name: string): void {
    if (this.#opened.pop()?.hides === true) this.#hidden -= 1;
    if (withoutText.has(name)) this.#silent -= 1;
    if (name === "pre" || name === "textarea") this.#preformatted -= 1;
    if (name === "style") for (const selector of hidingSelectors(this.#styleSheet)) this.#hiding.add(selector);
    if (blocks.has(name)) this.#break(name);
    if (name === "td" || name === "th") this.#write("\t");
  }

  text(text: string): void {
    if (this.#silent > 0) {
      if (this.#styleSheet.length < maxStyleChars) this.#styleSheet += text;
      return;
    }
    if (this.#hidden > 0) this.#notes.add("hidden_text", text.trim().length);
    if (this.#preformatted > 0) return this.#write(text);
    const collapsed = text.replaceAll(/[ \t\n\f\r]+/g, " ");
    if (collapsed === " ") this.#space = true;
    else if (collapsed !== "") {
      if (collapsed.startsWith(" ")) this.#space = true;
      this.#write(collapsed.trim());
      this.#space = collapsed.endsWith(" ");
    }
  }

  #write(text: string): void {
    this.sheet.add(this.#space && !this.#atLineStart ? ` ${text}` : text);
    this.#space = false;
    this.#atLineStart = text.endsWith("\n");
  }

  #break(name: string): void {
    if (!this.#atLineStart) this.sheet.add("\n");
    if (paragraphs.has(name)) this.sheet.add("\n");
    this.#atLineStart = true;
    this.#space = false;
  }

  #hides(name: string, attributes: Readonly<Record<string, string>>): boolean {
    return (
      "hidden" in attributes ||
      hidesText(attributes["style"] ?? "") ||
      attributes["color"]?.toLowerCase() === "#ffffff" ||
      attributes["color"]?.toLowerCase() === "white" ||
      (this.#hiding.size > 0 && selectorsOf(name, attributes).some((selector) => this.#hiding.has(selector)))
    );
  }
}
