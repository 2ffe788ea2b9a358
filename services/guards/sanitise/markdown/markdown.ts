/**
 * Markdown for whatever renderer, raw HTML allowed or not. Renderers disagree on the
 * borders of code, links and blocks, so nothing is parsed that would have to be
 * agreed on: what could run or load anywhere is written as text unless it stands in
 * code that CommonMark, GFM and their dialects see alike. Blocks of code are
 * closed where they end. What has no such thing in it comes back as it was; a second
 * time changes nothing. Not covered: extensions that read HTML attributes in braces.
 */
import { ChangeCount, type Cleaned } from "../cleaned.ts";
import { plain } from "../plain/plain.ts";
import { joinedByCode } from "./code-spans.ts";
import { closingLine, lineInFence, openedFence, widthOf, type Fence } from "./fence.ts";
import { Inline } from "./inline.ts";
import { Pending } from "./pending.ts";

export function forMarkdown(text: string): Cleaned {
  const cleaned = plain(text);
  const document = new Document(cleaned.text.split("\n"));
  document.changes.addAll(cleaned.changes);
  return { text: document.write(), changes: document.changes.list() };
}

/** Marks of lists, notes and definitions, those of Pandoc too. */
const listed = /^\s*(?:[-+*:~]|\(?(?:\d{1,9}|[a-zA-Z#@]|[ivxlc]{1,7})[.)])(?:\s|$)|^\s*(?:>|\[\^)/;
/** May end a paragraph. */
const blank = /^[\s>]*$/;
/** Does end one: a quotation that is set in too far is the paragraph's own text, and so is a blank that is no space. */
const surelyBlank = /^(?:[ \t]*| {0,3}>(?: {0,4}>)*[ \t]*)$/;

class Document {
  readonly changes = new ChangeCount();
  private readonly parts: string[] = [];
  private readonly pending = new Pending(this.parts);
  private readonly inline = new Inline(this.parts, this.pending, this.changes);
  private readonly lines: readonly string[];
  private at = 0;
  private fence: Fence | null = null;
  /** Only blank lines since the beginning or the last block. */
  private afterBlank = true;
  /** No list or quote can reach this line. */
  private topLevel = true;
  private readonly inTable: readonly boolean[];

  constructor(lines: readonly string[]) {
    this.lines = lines;
    this.inTable = tableLines(lines);
  }

  private get next(): string {
    return this.lines[this.at + 1] ?? "";
  }

  write(): string {
    for (; this.at < this.lines.length; this.at++) {
      if (this.at > 0) this.parts.push("\n");
      this.writeLine(this.lines[this.at] ?? "");
    }
    if (this.fence !== null) this.endFence(this.lines.at(-1) === "" ? "" : "\n", "");
    return this.parts.join("");
  }

  private writeLine(line: string): void {
    if (this.fence !== null) {
      const kind = lineInFence(line, this.fence);
      if (kind === "code") return void this.parts.push(line);
      if (kind === "end") return this.endFence("", line);
      this.endFence("", closingLine(this.fence));
      this.parts.push("\n");
    }
    if (blank.test(line)) return this.writeBlank(line);
    this.place(line);
    if (this.isIndentedCode(line)) return this.writeCode(line);
    const fence = openedFence(line, this.topLevel);
    if (fence === "unclear") this.writeUnclear(line);
    else if (fence === null) this.writeProse(line);
    else this.openFence(fence, line);
    this.afterBlank = false;
  }

  private writeBlank(line: string): void {
    this.parts.push(line);
    this.pending.endParagraph();
    this.afterBlank = surelyBlank.test(line);
  }

  private writeProse(line: string): void {
    const inTable = this.inTable[this.at] ?? false;
    const joined = inTable ? null : joinedByCode(line, this.next);
    if (joined !== null) {
      this.changes.add("sanitise.code");
      this.at++;
    }
    this.inline.write({ text: joined ?? line, next: this.next, inTable });
  }

  private writeCode(line: string): void {
    if (this.pending.yieldToBlock()) this.changes.add("sanitise.code");
    this.parts.push(line);
  }

  private openFence(fence: Fence, line: string): void {
    // Set in that far it may be the rest of a paragraph, unless a blank line stands before it.
    if (fence.indent >= 4 && !this.afterBlank) {
      this.changes.add("sanitise.code");
      this.parts.push(`${fence.prefix.trimEnd()}\n`);
    }
    this.fence = fence;
    this.writeCode(line);
  }

  /** Writes the line that ends the code, in the form that ends it for everybody. */
  private endFence(before: string, line: string): void {
    if (this.fence === null) return;
    const closing = closingLine(this.fence);
    const isAlike = line.trimEnd().startsWith(closing);
    if (!isAlike) this.changes.add("sanitise.code");
    this.parts.push(before, isAlike ? line : closing);
    this.fence = null;
    this.afterBlank = false;
  }

  private writeUnclear(line: string): void {
    this.changes.add("sanitise.code");
    const start = line.search(/[`~]/);
    const marks = /^[`~]+/.exec(line.slice(start))?.[0] ?? "";
    const written = marks.replaceAll("`", "&#96;").replaceAll("~", "&#126;");
    const text = line.slice(0, start) + written + line.slice(start + marks.length);
    this.inline.write({ text, next: this.next, inTable: true });
  }

  private place(line: string): void {
    if (listed.test(line)) this.topLevel = false;
    else if (this.afterBlank && /^\S/.test(line)) this.topLevel = true;
  }

  /** After a blank line, in no list: code until a line that is set in less. */
  private isIndentedCode(line: string): boolean {
    return this.topLevel && this.afterBlank && widthOf(/^[ \t]*/.exec(line)?.[0] ?? "") >= 4;
  }
}

/** Which lines stand in a block with a line that could stand between a table's head and its body. */
function tableLines(lines: readonly string[]): readonly boolean[] {
  const inTable: boolean[] = [];
  let start = 0;
  let found = false;
  for (const [at, line] of lines.entries()) {
    if (/^[ \t\r>|:+-]*$/.test(line) && line.includes("-")) found = true;
    if (!blank.test(line) && at < lines.length - 1) continue;
    for (; start <= at; start++) inTable.push(found);
    found = false;
  }
  return inTable;
}
