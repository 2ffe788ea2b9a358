/**
 * Turns a Go pattern of gitleaks into one that runs in JavaScript in bounded
 * time: inline flags become modifiers of a group, classes and anchors get their
 * JavaScript names, every open quantifier gets an upper bound. Patterns of the
 * shape "name = value" are taken apart, since most rules share all but two parts.
 */

const nameLead = String.raw`[\w.-]{0,50}?`;
const afterName = String.raw`(?:[ \t\w.-]{0,20})[\s'"]{0,3}`;
const operator = String.raw`(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}`;
const afterValue = String.raw`(?:[\x60'"\s;]|\\[nr]|$)`;

/** In a sentence a comma, a bracket or a full stop may follow a token, not only what follows it in code. */
const wordEnd = String.raw`(?![A-Za-z0-9_])`;

export type CarriedPattern =
  | { readonly kind: "assignment"; readonly name: string; readonly value: string }
  | { readonly kind: "pattern"; readonly pattern: string };

export function toJavaScript(regex: string): readonly CarriedPattern[] {
  const assigned = regex.indexOf(operator);
  if (assigned < 0 || !regex.includes(afterName)) return [{ kind: "pattern", pattern: bounded(regex) }];
  const anyCase = regex.startsWith("(?i)");
  const lead = regex.slice(0, regex.indexOf(afterName));
  const name = lead.slice(lead.lastIndexOf(nameLead) + nameLead.length);
  const rest = regex.slice(assigned + operator.length);
  const end = rest.indexOf(afterValue);
  const value = rest.slice(0, end);
  const other = rest.slice(end + afterValue.length);
  return [
    { kind: "assignment", name: bounded(`(?i:${name})`), value: bounded(anyCase ? `(?i:${value})` : value) },
    ...(other.startsWith("|") ? toJavaScript(other.slice(1)) : []),
  ];
}

const mostRepeats = 200;
const mostCounted = 8000;

export function bounded(regex: string): string {
  return new Rewriter(
    regex
      .replaceAll(afterValue, wordEnd)
      .replaceAll("[:alnum:]", "A-Za-z0-9")
      .replaceAll(String.raw`\z`, "$")
      .replaceAll(/\(\?P<\w+>/g, "(?:"),
  ).rewrite();
}

/**
 * Walks over a pattern once. Letters under an inline flag become classes of
 * both cases: Node 24 was seen to lose the flag of `(?i:…)` in the second
 * alternative of a group inside. Open quantifiers get their bound.
 */
class Rewriter {
  private readonly source: string;
  private at = 0;
  private out = "";
  /** For each open group, whether case is ignored in it. */
  private readonly anyCase: boolean[] = [false];

  constructor(source: string) {
    this.source = source;
  }

  rewrite(): string {
    while (this.at < this.source.length) this.step();
    return this.out;
  }

  private step(): void {
    const rest = this.source.slice(this.at);
    const flag = /^\(\?(-?)i(\)|:)/.exec(rest);
    const open = /^\{\d+,\}/.exec(rest)?.[0];
    const letter = rest.charAt(0);
    if (flag !== null) this.turn(flag[1] === "", flag[2] === ":", flag[0].length);
    else if (letter === "\\") this.copy(2);
    else if (letter === "[") this.copyClass(/^\[\^?\]?(?:\\.|[^\]\\])*\]/.exec(rest)?.[0] ?? letter);
    else if (letter === "(") this.group(rest);
    else if (letter === ")") this.close();
    else if (letter === "*" || letter === "+") this.put(`{${letter === "+" ? 1 : 0},${mostRepeats}}`, 1);
    else if (open !== undefined) this.put(`${open.slice(0, -1)}${mostCounted}}`, open.length);
    else this.put(this.anyCase.at(-1) === true ? bothCases(letter) : letter, 1);
  }

  private turn(on: boolean, opens: boolean, length: number): void {
    if (opens) this.anyCase.push(on);
    else this.anyCase[this.anyCase.length - 1] = on;
    this.put(opens ? "(?:" : "", length);
  }

  private group(rest: string): void {
    this.anyCase.push(this.anyCase.at(-1) === true);
    this.copy(/^\((?:\?[:=!])?/.exec(rest)?.[0].length ?? 1);
  }

  private close(): void {
    this.anyCase.pop();
    this.copy(1);
  }

  private copyClass(written: string): void {
    this.put(this.anyCase.at(-1) === true ? classOfBothCases(written) : written, written.length);
  }

  private copy(length: number): void {
    this.put(this.source.slice(this.at, this.at + length), length);
  }

  private put(written: string, length: number): void {
    this.out += written;
    this.at += length;
  }
}

function bothCases(letter: string): string {
  return /[a-z]/i.test(letter) ? `[${letter.toLowerCase()}${letter.toUpperCase()}]` : letter;
}

/** Each range of letters and each letter is repeated in the other case; escapes stay. */
function classOfBothCases(written: string): string {
  return written.replaceAll(/\\x[\da-f]{2}|\\.|([a-z])-([a-z])|[a-z]/gi, (part) => {
    if (part.startsWith("\\")) return part;
    const [lower, upper] = [part.toLowerCase(), part.toUpperCase()];
    return part.length === 1 || /^[a-z]-[a-z]$/i.test(part) ? lower + upper : part;
  });
}
