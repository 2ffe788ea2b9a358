/**
 * Fences of code blocks. Renderers differ over fences in lists and quotes, so one
 * is kept only where all of them see a fence: after quote marks and spaces alone,
 * with a simple info string. How far it is set in is remembered: lines that are set in
 * as far, up to a closing line set in alike, are code to every one of them.
 */
export interface Fence {
  /** Quote marks before it. */
  readonly depth: number;
  /** What its lines begin with: quote marks and spaces. */
  readonly prefix: string;
  /** Spaces after the quote marks. */
  readonly indent: number;
  readonly marks: string;
  /** It stands in no list, whatever its spaces: its lines may begin anywhere. */
  readonly free: boolean;
}

const deepestQuote = 3;
const quoteMark = / {0,3}> ?/y;
const opening = /^( *)(`{3,}|~{3,})([^`~<>]*)$/;
/** Marks of lists, tasks, footnotes and definitions may stand before what another renderer takes for a fence. */
const alike = /^[\s>]*(?:(?:[-+*:~]|\d{1,9}[.)]|\[[ xX]\]|\[\^[^\]\s]*\]:)[\s>]+)*(?:`{3,}[^`]*$|~{3,})/;

/** The fence that a line opens; `unclear` when some renderers may see one there. */
export function openedFence(line: string, isTopLevel: boolean): Fence | "unclear" | null {
  const quote = quoteOf(line);
  const [, spaces, marks] = opening.exec(line.slice(quote.length)) ?? [];
  if (spaces === undefined || marks === undefined) return alike.test(line) ? "unclear" : null;
  const depth = quote.split(">").length - 1;
  if (depth > deepestQuote) return "unclear";
  const indent = spaces.length;
  return { depth, prefix: quote + spaces, indent, marks, free: isTopLevel && depth === 0 && indent <= 3 };
}

/** What a line is to the open fence: code, its end, or (set in less) no longer part of it. */
export function lineInFence(line: string, fence: Fence): "code" | "end" | "outside" {
  const quote = quoteOf(line, fence.depth);
  if (quote.split(">").length <= fence.depth) return "outside";
  const rest = line.slice(quote.length);
  const blank = /^[ \t]*/.exec(rest)?.[0] ?? "";
  const indent = fence.depth > 0 ? blank.length : widthOf(blank);
  const content = rest.slice(blank.length).trimEnd();
  const mark = fence.marks.charAt(0);
  const closes = content.length >= fence.marks.length && content.replaceAll(mark, "") === "";
  if (closes && indent < fence.indent + 4) return "end";
  return content === "" || fence.free || indent >= fence.indent ? "code" : "outside";
}

export function closingLine({ prefix, marks }: Fence): string {
  return prefix + marks;
}

/** What stands before a line's text, `most` quote marks deep at most. */
function quoteOf(line: string, most = Infinity): string {
  let at = 0;
  for (let depth = 0; depth < most; depth++) {
    quoteMark.lastIndex = at;
    if (!quoteMark.test(line)) break;
    at = quoteMark.lastIndex;
  }
  return line.slice(0, at);
}

/** Columns of blanks at a line's start. */
export function widthOf(blank: string): number {
  return Array.from(blank).reduce((width, unit) => (unit === "\t" ? width + 4 - (width % 4) : width + 1), 0);
}
