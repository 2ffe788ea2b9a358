/**
 * The pattern language of signatures: the part of regular expressions that can
 * be bounded. Literals, `.`, classes, groups, alternation, quantifiers with an
 * upper bound, `^` (start of a line) and `\b`. A space matches any white space.
 * Look-around, back-references, flags, `$` and unbounded quantifiers are
 * refused with their position. What is read is folded as the text will be.
 */
import { foldCodePoint } from "../text/fold-code-point.ts";

export type PatternNode =
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "class"; readonly source: string; readonly chars: readonly string[] | null }
  | { readonly kind: "assert"; readonly source: "^" | "\\b" }
  | { readonly kind: "sequence"; readonly items: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly options: readonly PatternNode[] }
  | { readonly kind: "repeat"; readonly item: PatternNode; readonly min: number; readonly max: number };

/** Why a pattern is refused, and where in it. */
export class PatternError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(`${message} (at character ${at + 1})`);
    this.name = "PatternError";
    this.at = at;
  }
}

/** @throws PatternError */
export function parsePattern(source: string): PatternNode {
  const reader = new Reader(source);
  const node = readChoice(reader);
  if (!reader.done()) throw reader.refuse("an unmatched )");
  return node;
}

class Reader {
  at = 0;
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  done(): boolean {
    return this.at >= this.source.length;
  }

  peek(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }

  take(text: string): boolean {
    const found = this.peek(text);
    if (found) this.at += text.length;
    return found;
  }

  /** The next whole code point. */
  next(): string {
    const point = this.source.codePointAt(this.at);
    if (point === undefined) throw this.refuse("the pattern ends too early");
    const char = String.fromCodePoint(point);
    this.at += char.length;
    return char;
  }

  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (found !== null) this.at = pattern.lastIndex;
    return found;
  }

  refuse(message: string, at = this.at): PatternError {
    return new PatternError(message, at);
  }
}

function readChoice(reader: Reader): PatternNode {
  const options = [readSequence(reader)];
  while (reader.take("|")) options.push(readSequence(reader));
  const [only] = options;
  return options.length === 1 && only !== undefined ? only : { kind: "choice", options };
}

function readSequence(reader: Reader): PatternNode {
  const items: PatternNode[] = [];
  while (!reader.done() && !reader.peek("|") && !reader.peek(")")) {
    const at = reader.at;
    const atom = readAtom(reader);
    items.push(...readQuantifier(reader, atom, at));
  }
  return { kind: "sequence", items };
}

function readQuantifier(reader: Reader, atom: readonly PatternNode[], at: number): readonly PatternNode[] {
  const bounds = readBounds(reader);
  if (bounds === null) return atom;
  if (reader.take("?") || reader.take("+")) throw reader.refuse("a lazy or possessive quantifier", at);
  const [item] = atom;
  if (item === undefined || atom.length > 1 || item.kind === "assert")
    throw reader.refuse("a quantifier on nothing it can repeat", at);
  if (bounds.max < bounds.min || bounds.max > 200) throw reader.refuse("a quantifier out of bounds: at most 200", at);
  return [{ kind: "repeat", item, ...bounds }];
}

function readBounds(reader: Reader): { min: number; max: number } | null {
  const at = reader.at;
  if (reader.take("?")) return { min: 0, max: 1 };
  if (reader.take("*") || reader.take("+"))
    throw reader.refuse("an unbounded quantifier: write {0,40} or the like", at);
  const braces = reader.match(/\{(\d+)(,?)(\d*)\}/y);
  if (braces === null) return null;
  const min = Number(braces[1]);
  if (braces[2] === "," && braces[3] === "") throw reader.refuse("an unbounded quantifier: give the upper bound", at);
  return { min, max: braces[2] === "" ? min : Number(braces[3]) };
}

function readAtom(reader: Reader): readonly PatternNode[] {
  const at = reader.at;
  if (reader.take("(")) return [readGroup(reader, at)];
  if (reader.take("[")) return [readClass(reader, at)];
  if (reader.take(".")) return [{ kind: "class", source: ".", chars: null }];
  if (reader.take("^")) return [{ kind: "assert", source: "^" }];
  if (reader.take("$")) throw reader.refuse("$ is not part of the pattern language", at);
  if (reader.take("\\")) return [readEscape(reader, at)];
  return foldChar(reader.next());
}

function readGroup(reader: Reader, at: number): PatternNode {
  for (const look of ["?=", "?!", "?<=", "?<!"]) if (reader.peek(look)) throw reader.refuse("look-around", at);
  if (reader.take("?")) {
    if (!reader.take(":")) throw reader.refuse("a named group or a flag", at);
  }
  const node = readChoice(reader);
  if (!reader.take(")")) throw reader.refuse("an unclosed group", at);
  return node;
}

const shorthand = /[sSwWdD]/;

function readEscape(reader: Reader, at: number): PatternNode {
  const char = reader.next();
  if (char === "b") return { kind: "assert", source: "\\b" };
  if (char === "s") return whiteSpace;
  if (shorthand.test(char)) return { kind: "class", source: `\\${char}`, chars: null };
  if (char === "n") return { kind: "class", source: "\\n", chars: null };
  if (/[1-9k]/.test(char)) throw reader.refuse("a back-reference", at);
  if (/[a-z0-9]/i.test(char)) throw reader.refuse(`the escape \\${char} is not part of the pattern language`, at);
  return { kind: "char", char };
}

const whiteSpace: PatternNode = { kind: "class", source: "\\s", chars: [" "] };

/** A character as the folded text will hold it: it can become several, and white space is any. */
function foldChar(char: string): readonly PatternNode[] {
  if (/\s/.test(char)) return [whiteSpace];
  const folded = foldCodePoint(char.codePointAt(0) ?? 0).text || char;
  return Array.from(folded, (part) => ({ kind: "char", char: part.toLowerCase() }) as const);
}

function readClass(reader: Reader, at: number): PatternNode {
  const negated = reader.take("^");
  const members: string[] = [];
  let finite = !negated;
  while (!reader.take("]")) {
    if (reader.done()) throw reader.refuse("an unclosed class", at);
    const range = reader.match(/([^\\])-([^\]])/y);
    if (range !== null) {
      if (!/^(?:[a-z]-[a-z]|[0-9]-[0-9])$/.test(range[0]))
        throw reader.refuse("a range other than within a-z or 0-9", at);
      members.push(range[0]);
      finite = false;
      continue;
    }
    const member = readMember(reader, at);
    finite &&= member.length === 1;
    members.push(member);
  }
  if (members.length === 0) throw reader.refuse("an empty class", at);
  const source = `[${negated ? "^" : ""}${members.map(escapeMember).join("")}]`;
  return { kind: "class", source, chars: finite && members.length <= 4 ? members : null };
}

/** One member of a class: a character, folded, or a shorthand such as `\d`. */
function readMember(reader: Reader, at: number): string {
  if (!reader.take("\\")) {
    const [folded, ...more] = foldChar(reader.next());
    if (folded?.kind === "class") return "\\s";
    if (folded?.kind !== "char" || more.length > 0 || folded.char.length > 1)
      throw reader.refuse("a character that a class cannot hold", at);
    return folded.char;
  }
  const char = reader.next();
  if (shorthand.test(char) || char === "n") return `\\${char}`;
  if (/[a-z0-9]/i.test(char)) throw reader.refuse(`the escape \\${char} is not part of a class`, at);
  return char;
}

function escapeMember(member: string): string {
  return member.length === 1 && /[[\]\\^-]/.test(member) ? `\\${member}` : member;
}
