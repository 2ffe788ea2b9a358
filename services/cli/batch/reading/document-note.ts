/**
 * What a person should know of a document beside its text: parts that were not
 * read, and text that was read although nobody who looks at the page sees it.
 * Notes count; they never quote.
 */
import { z } from "zod";

/** Code to what it says of a count. */
const meanings = {
  image: "images, not read",
  page_without_text: "pages that hold a picture or a drawing and no text (a scan?), not read",
  unreadable_page: "pages that could not be read",
  unreadable_font: "pieces of text in a font whose characters are not known, not read",
  unmapped_text: "characters that the font gives no meaning",
  text_off_page: "characters outside of the page, left out",
  embedded_object: "embedded files or objects, not read",
  unsupported_part: "charts, diagrams or forms of a kind that is not read",
  tracked_deletion: "tracked deletions, left out",
  script: "scripts, never run and not read",
  cut_off: "the file ends early: what followed is missing",
  hidden_text: "characters that a reader does not see (invisible, tiny, white or not shown); they ARE in the text",
} as const;

const codes = Object.keys(meanings);

export type NoteCode = keyof typeof meanings;

export function isNoteCode(code: string): code is NoteCode {
  return codes.includes(code);
}

export const documentNote = z.object({
  code: z.custom<NoteCode>((code) => typeof code === "string" && isNoteCode(code), "not the code of a note"),
  count: z.int().positive().describe("Of what the code names"),
  pages: z.array(z.int().positive()).optional().describe("From 1, the first hundred; of a pdf"),
});
export type DocumentNote = z.infer<typeof documentNote>;

export const maxNotedPages = 100;

export function describeNote({ code, count, pages }: DocumentNote): string {
  const where = pages === undefined ? "" : ` (page ${ranges(pages)}${pages.length === maxNotedPages ? " ..." : ""})`;
  return code === "cut_off" ? meanings[code] : `${count} ${meanings[code]}${where}`;
}

/** `3, 7-9`. */
function ranges(pages: readonly number[]): string {
  const parts: { from: number; to: number }[] = [];
  for (const page of pages) {
    const last = parts.at(-1);
    if (last !== undefined && page === last.to + 1) last.to = page;
    else parts.push({ from: page, to: page });
  }
  return parts.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(", ");
}

/** Counts notes while a document is read. */
export class NoteBook {
  readonly #counts = new Map<NoteCode, { count: number; readonly pages: number[] }>();

  add(code: NoteCode, count = 1, page?: number): void {
    if (count <= 0) return;
    const noted = this.#counts.get(code) ?? { count: 0, pages: [] };
    noted.count += count;
    if (page !== undefined && noted.pages.at(-1) !== page && noted.pages.length < maxNotedPages) noted.pages.push(page);
    this.#counts.set(code, noted);
  }

  /** In a fixed order. */
  notes(): readonly DocumentNote[] {
    return [...this.#counts]
      .toSorted(([left], [right]) => codes.indexOf(left) - codes.indexOf(right))
      .map(([code, { count, pages }]) => ({ code, count, ...(pages.length === 0 ? {} : { pages }) }));
  }
}
