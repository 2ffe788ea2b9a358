/**
 * Matches all signatures of all packs against folded texts: one pass of the
 * literal automaton, then a signature's own pattern only near its literals. A
 * signature is reported once a text, at its first match. Linear: each part of a
 * text is searched at most once by one signature.
 */
import type { Finding } from "../../../schemas/parts/finding.ts";
import { originalSpan, type FoldedText } from "../text/fold.ts";
import type { CompiledPack, CompiledSignature } from "./compile-pack.ts";
import { buildAutomaton } from "./literal-automaton.ts";

export interface SignatureMatch {
  readonly finding: Finding;
  readonly category: CompiledSignature["category"];
  /** The most the signature may cause; the policy can lower it. */
  readonly action: CompiledSignature["action"];
}

export interface InjectionScanner {
  /** `pack@version` of every pack in it, for the record. */
  readonly packs: readonly string[];
  scan(text: FoldedText): SignatureMatch[];
}

export function buildScanner(packs: readonly CompiledPack[]): InjectionScanner {
  const signatures = packs.flatMap((pack) => pack.signatures);
  const literals = [...new Set(signatures.flatMap((signature) => signature.literals))];
  const holders = literals.map((literal) =>
    signatures.flatMap((signature, index) => (signature.literals.includes(literal) ? [index] : [])),
  );
  const automaton = buildAutomaton(literals);
  return {
    packs: packs.map(({ pack, version }) => `${pack}@${version}`),
    scan(text) {
      const searches = new Map<number, Search>();
      automaton.scan(text.folded, (literal, end) => {
        const start = end - (literals[literal]?.length ?? 0);
        for (const index of holders[literal] ?? []) {
          const signature = signatures[index];
          if (signature === undefined) continue;
          let search = searches.get(index);
          if (search === undefined) searches.set(index, (search = new Search(signature, text)));
          search.widen(start, end);
        }
      });
      return [...searches.values()].flatMap((search) => search.finish());
    },
  };
}

/** One signature over one text: joins the windows around its literals and searches each window once. */
class Search {
  private readonly signature: CompiledSignature;
  private readonly text: FoldedText;
  private from = 0;
  private to = -1;
  private found: { start: number; end: number } | null = null;

  constructor(signature: CompiledSignature, text: FoldedText) {
    this.signature = signature;
    this.text = text;
  }

  /** A match that holds this literal lies within the longest match before its end and after its start. */
  widen(start: number, end: number): void {
    if (this.found !== null) return;
    const { longest } = this.signature;
    const from = Math.max(0, end - longest);
    if (from > this.to) {
      this.search();
      this.from = from;
    }
    this.to = Math.min(this.text.folded.length, Math.max(this.to, start + longest));
  }

  finish(): SignatureMatch[] {
    this.search();
    if (this.found === null) return [];
    const { rule, version, severity, category, action } = this.signature;
    const span = originalSpan(this.text, this.found.start, this.found.end);
    return [{ finding: { rule, version, severity, span }, category, action }];
  }

  /** One character more on each side, so that `^` and `\b` see what stands there. */
  private search(): void {
    if (this.found !== null || this.to < 0) return;
    const { regex } = this.signature;
    const lead = this.from > 0 ? 1 : 0;
    const end = Math.min(this.text.folded.length, this.to + 1);
    const offset = this.from - lead;
    const window = this.text.folded.slice(offset, end);
    regex.lastIndex = lead;
    for (let match = regex.exec(window); match !== null; match = regex.exec(window)) {
      const cut = offset + regex.lastIndex === end && end < this.text.folded.length;
      if (!cut && match[0] !== "") {
        this.found = { start: offset + match.index, end: offset + regex.lastIndex };
        return;
      }
      regex.lastIndex = match.index + 1;
    }
  }
}
