/**
 * What reading a pdf, docx or html file gives: its text with notes, or why
 * there is none. Text is gathered up to what a request can hold; a document
 * with more of it is refused as a whole, never cut.
 */
import { z } from "zod";
import { documentNote } from "./document-note.ts";

export const extraction = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text: z.string(), notes: z.array(documentNote).readonly() }),
  z.object({
    kind: z.literal("unreadable"),
    code: z.enum(["encrypted", "broken", "no_text", "not_utf8", "too_large", "over_limit"]),
    message: z.string(),
    notes: z.array(documentNote).readonly(),
  }),
]);
export type Extraction = z.infer<typeof extraction>;
export type UnreadableCode = Extract<Extraction, { kind: "unreadable" }>["code"];

export const documentFormats = ["pdf", "docx", "html"] as const;
export type DocumentFormat = (typeof documentFormats)[number];

export const readingLimits = z.object({
  maxChars: z.int().positive().describe("Of text"),
  maxPages: z.int().positive().describe("Of a pdf"),
  maxUnpackedBytes: z.int().positive().describe("Of a docx's parts together"),
});
export type ReadingLimits = z.infer<typeof readingLimits>;

/** Ends the reading of a document with its reason. */
export class Unreadable extends Error {
  readonly code: UnreadableCode;

  constructor(code: UnreadableCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Gathers text and says so when it is more than a request can hold. */
export class TextSheet {
  readonly #maxChars: number;
  readonly #parts: string[] = [];
  #chars = 0;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  /** @throws Unreadable `too_large`. */
  add(text: string): void {
    this.#chars += text.length;
    if (this.#chars > this.#maxChars)
      throw new Unreadable("too_large", `it holds more than ${this.#maxChars} characters of text`);
    this.#parts.push(text);
  }

  /** Lines without trailing blanks, at most one empty line in a row. */
  text(): string {
    const lines = this.#parts.join("").split(/\r\n?|\n/);
    const kept: string[] = [];
    for (const line of lines) {
      const trimmed = line.trimEnd();
      if (trimmed !== "" || (kept.length > 0 && kept.at(-1) !== "")) kept.push(trimmed);
    }
    while (kept.at(-1) === "") kept.pop();
    return kept.join("\n");
  }
}
