/**
 * Lines of Markdown outside of code blocks. Kept as they are: code spans that
 * end on their line, links to places, automatic links. What another renderer could
 * read as raw HTML, an image, a link to code or the beginning of code is written with
 * character references, so that it is shown as it was typed and does nothing.
 */
import type { ChangeCount } from "../cleaned.ts";
import { codeEnds } from "./code-spans.ts";
import { hasCodeScheme } from "../scheme.ts";
import { isDefinition, linkEnd } from "./link-target.ts";
import type { Pending } from "./pending.ts";

export interface Line {
  readonly text: string;
  readonly next: string;
  /** It may be a row of a table: bars then end cells even in code. */
  readonly inTable: boolean;
}

const sign = /\\+|`+|\$+|!\[|[[\]]|<(?=[A-Za-z/!?])/g;
const automatic = /<(?:https?:\/\/[^\s<>`"\\|$[\]]+|(?:mailto:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>/iy;
const address = /:\/\/|www\.|@|mailto:|xmpp:/i;
const addressInFormula = /(?:href|url)\s*\{/y;
/** Two words after a label: no definition to anybody. */
const proseAfterLabel = /[ \t]*[^\s\]<][^\s\]]*[ \t]+[^\s"'(]/y;

export class Inline {
  private readonly parts: string[];
  private readonly pending: Pending;
  private readonly changes: ChangeCount;
  private line: Line = { text: "", next: "", inTable: false };
  private text = "";
  private at = 0;
  private ends: ReadonlyMap<number, number> = new Map();
  private lastDollar = -1;
  private firstEnd = -1;
  private inAddress = false;
  private lookedTo = 0;

  /** Writes to `parts`, each opening bracket and mark of a formula as a part of its own. */
  constructor(parts: string[], pending: Pending, changes: ChangeCount) {
    this.parts = parts;
    this.pending = pending;
    this.changes = changes;
  }

  write(line: Line): void {
    this.line = line;
    this.text = line.text;
    this.ends = codeEnds(line.text);
    this.lastDollar = line.text.lastIndexOf("$");
    this.firstEnd = line.text.indexOf("]");
    this.at = 0;
    this.startToken(0);
    for (;;) {
      sign.lastIndex = this.at;
      const found = sign.exec(this.text);
      if (found === null) break;
      this.copyTo(found.index);
      this.writeSign(found[0]);
    }
    this.copyTo(this.text.length);
  }

  private writeSign(found: string): void {
    if (found.startsWith("\\")) return this.writeBackslashes(found);
    if (found.startsWith("`")) return this.writeBackticks(found);
    if (found.startsWith("$")) return this.writeFormulaMark(found);
    if (found === "<") return this.writeLess();
    if (found === "]") return this.writeEnd();
    if (found === "![") this.replace(1, "&#33;", "image");
    this.copyTo(this.at + 1);
    this.pending.openBracket();
  }

  private writeBackslashes(found: string): void {
    const after = this.at + found.length;
    if (found.length % 2 === 0) return this.copyTo(after);
    const next = this.text.charAt(after);
    addressInFormula.lastIndex = after;
    if (next === "`") {
      this.copyTo(after - 1);
      this.at = after;
      return this.writeAsText(/`+/y);
    }
    if (next === "(" || next === "[") {
      this.copyTo(after - 1);
      this.copyTo(after + 1);
      return this.pending.mark(next === "(" ? "\\(" : "\\[");
    }
    if (next === ")" || next === "]") this.pending.closeFormula(next === ")" ? "\\(" : "\\[");
    if (next === "<" || (next === "!" && this.text.charAt(after + 1) === "[")) {
      this.copyTo(after - 1);
      this.at = after;
      return next === "<" ? this.replace(1, "&lt;", "html") : this.replace(1, "&#33;", "image");
    }
    if (addressInFormula.test(this.text)) return this.writeAddressInFormula(addressInFormula.lastIndex);
    // An escaped end of a link's text is one to who knows no escapes.
    this.copyTo(next === "$" ? after + 1 : after);
  }

  private writeAddressInFormula(start: number): void {
    this.copyTo(start);
    if (hasCodeScheme(this.text.slice(start))) this.replace(0, "#", "link");
  }

  private writeBackticks(found: string): void {
    this.lookForAddress();
    const end = this.ends.get(this.at);
    const code = end === undefined ? "" : this.text.slice(this.at + found.length, end - found.length);
    const splits = this.line.inTable && /(?:^|[^\\])\|/.test(code);
    if (end === undefined || splits || this.inAddress) return this.writeAsText(/`+/y);
    if (this.pending.yieldTo(code)) this.changes.add("sanitise.code");
    this.copyTo(end);
    this.startToken(end);
  }

  private writeFormulaMark(found: string): void {
    this.copyTo(this.at + found.length);
    this.pending.mark(found.length === 1 ? "$" : "$$");
  }

  private writeLess(): void {
    automatic.lastIndex = this.at;
    if (automatic.test(this.text)) {
      this.copyTo(automatic.lastIndex);
      return this.startToken(this.at);
    }
    // In a formula a reference would be read as a sign of TeX, and a blank means nothing.
    const opener = this.pending.inFormula;
    const inFormula = opener !== null && (opener !== "$" || this.lastDollar > this.at);
    this.replace(1, inFormula ? "< " : "&lt;", "html");
  }

  private writeEnd(): void {
    const after = this.at + 1;
    const next = this.text.charAt(after);
    this.copyTo(after);
    this.pending.closeBracket();
    if (next === "(") {
      const end = linkEnd(this.text, after);
      if (end < 0) return this.replace(1, "&#40;", "link");
      this.copyTo(end);
      this.startToken(end);
    }
    if (next === ":") this.writeColon();
  }

  private writeColon(): void {
    proseAfterLabel.lastIndex = this.at + 1;
    if (proseAfterLabel.test(this.text)) return;
    // A label holds no bracket, so only the first on a line can end one.
    const isFirst = this.firstEnd === this.at - 1;
    if (!isFirst || !isDefinition(this.text, this.line.next)) this.replace(1, "&#58;", "link");
  }

  private writeAsText(run: RegExp): void {
    run.lastIndex = this.at;
    const length = run.exec(this.text)?.[0].length ?? 0;
    this.replace(length, "&#96;".repeat(length), "code");
  }

  private replace(length: number, written: string, rule: string): void {
    this.changes.add(`sanitise.${rule}`);
    this.parts.push(written);
    this.at += length;
  }

  private copyTo(end: number): void {
    if (end > this.at) this.parts.push(this.text.slice(this.at, end));
    this.at = Math.max(end, this.at);
  }

  private startToken(at: number): void {
    this.inAddress = false;
    this.lookedTo = at;
  }

  /** Some renderers read an address on over backticks, up to a blank. */
  private lookForAddress(): void {
    let start = this.at;
    while (start > this.lookedTo && !/\s/.test(this.text.charAt(start - 1))) start--;
    if (start > this.lookedTo) this.inAddress = false;
    if (address.test(this.text.slice(start, this.at))) this.inAddress = true;
    this.lookedTo = this.at;
  }
}
