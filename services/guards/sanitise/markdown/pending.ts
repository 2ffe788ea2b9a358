/**
 * What was opened in a text and not closed yet: brackets and formulas. Code spans
 * bind before them for most renderers and after them for some, so an opening
 * whose end would lie in code is taken back: it becomes a character reference.
 */
export type Opener = "$" | "$$" | "\\(" | "\\[";

interface Opened {
  readonly opener: Opener;
  /** Which part of the output it is. */
  readonly part: number;
}

export class Pending {
  private readonly parts: string[];
  private brackets: number[] = [];
  /** The mark that began a formula, and those that stand in it. */
  private formula: Opened[] = [];

  constructor(parts: string[]) {
    this.parts = parts;
  }

  get inFormula(): Opener | null {
    return this.formula[0]?.opener ?? null;
  }

  /** Of the part that is written last. */
  openBracket(): void {
    this.brackets.push(this.parts.length - 1);
  }

  closeBracket(): void {
    this.brackets.pop();
  }

  /** A mark of a formula, the part that is written last: ends the one it fits, or begins one. */
  mark(opener: Opener): void {
    if (this.inFormula === opener) this.formula = [];
    else this.formula.push({ opener, part: this.parts.length - 1 });
  }

  closeFormula(opener: Opener): void {
    if (this.inFormula === opener) this.formula = [];
  }

  /** At the end of a paragraph: displayed formulas alone go on. */
  endParagraph(): void {
    this.brackets = [];
    if (this.inFormula === "$" || this.inFormula === "\\(") this.formula = [];
  }

  /** Before a code span is kept. True when something was taken back. */
  yieldTo(code: string): boolean {
    const opener = this.inFormula;
    const ends = opener !== null && code.includes(opener.startsWith("$") ? "$" : "\\");
    const brackets = this.brackets.length > 0 && closesMore(code);
    if (brackets) this.takeBackBrackets();
    if (ends) this.takeBackFormula();
    return brackets || ends;
  }

  /** Before a block of code is kept. True when something was taken back. */
  yieldToBlock(): boolean {
    const taken = this.formula.length > 0;
    this.takeBackFormula();
    this.brackets = [];
    return taken;
  }

  private takeBackBrackets(): void {
    for (const part of this.brackets) this.parts[part] = "&#91;";
    this.brackets = [];
  }

  private takeBackFormula(): void {
    const written = { $: "&#36;", $$: "&#36;&#36;", "\\(": "&#40;", "\\[": "&#91;" };
    for (const { opener, part } of this.formula) this.parts[part] = written[opener];
    this.formula = [];
  }
}

/** Has it an end bracket too many? */
function closesMore(code: string): boolean {
  let depth = 0;
  for (const [sign] of code.matchAll(/[[\]]/g)) {
    depth += sign === "[" ? 1 : -1;
    if (depth < 0) return true;
  }
  return false;
}
