/**
 * Judges a signature pack and compiles it: whole, or not at all. Every pattern
 * must be bounded, hold a literal, match each of its positive examples and
 * none of its negative ones. A refusal names the signature and the reason.
 */
import type { Signature, SignaturePack } from "../../../schemas/control/signature-pack.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import { fold } from "../text/fold.ts";
import { limitDefect, limitsOf } from "./pattern-limits.ts";
import { requiredLiterals } from "./pattern-literals.ts";
import { parsePattern, PatternError, type PatternNode } from "./pattern-syntax.ts";

export interface CompiledSignature {
  /** `pack/id`, as findings name it. */
  readonly rule: string;
  readonly version: string;
  readonly category: Signature["category"];
  readonly severity: Signature["severity"];
  readonly action: Signature["action"];
  readonly literals: readonly string[];
  /** Over folded text; global, so that a search can start anywhere. */
  readonly regex: RegExp;
  /** Longest match, UTF-16 units. */
  readonly longest: number;
}

export interface CompiledPack {
  readonly pack: string;
  readonly version: string;
  readonly signatures: readonly CompiledSignature[];
}

export type PackVerdict =
  | { readonly kind: "compiled"; readonly pack: CompiledPack }
  | { readonly kind: "rejected"; readonly reasons: readonly Reason[] };

export function compilePack(pack: SignaturePack): PackVerdict {
  const signatures: CompiledSignature[] = [];
  const reasons: Reason[] = [];
  const seen = new Set<string>();
  pack.signatures.forEach((signature, index) => {
    const refuse = (rule: string, message: string) =>
      reasons.push({
        code: "signature_refused",
        path: `/signatures/${index}`,
        rule,
        message: `${signature.id}: ${message}`,
      });
    if (seen.has(signature.id)) return refuse("unique_id", "the id is used twice");
    seen.add(signature.id);
    const compiled = compileSignature(pack, signature);
    if ("defect" in compiled) return refuse(compiled.rule, compiled.defect);
    for (const { rule, defect } of exampleDefects(signature, compiled.regex)) refuse(rule, defect);
    signatures.push(compiled);
  });
  if (reasons.length > 0) return { kind: "rejected", reasons };
  return { kind: "compiled", pack: { pack: pack.pack, version: pack.version, signatures } };
}

interface Defect {
  readonly rule: string;
  readonly defect: string;
}

function compileSignature(pack: SignaturePack, signature: Signature): CompiledSignature | Defect {
  const node = parsed(signature.pattern);
  if (typeof node === "string") return { rule: "pattern_syntax", defect: node };
  const limit = limitDefect(node);
  if (limit !== null) return { rule: "pattern_bounded", defect: limit };
  const literals = requiredLiterals(node);
  if (literals === null)
    return { rule: "pattern_literal", defect: "has no literal of three letters that every match must hold" };
  return {
    rule: `${pack.pack}/${signature.id}`,
    version: pack.version,
    category: signature.category,
    severity: signature.severity,
    action: signature.action,
    literals,
    regex: new RegExp(sourceOf(node), "gms"),
    longest: limitsOf(node).longest,
  };
}

function parsed(pattern: string): PatternNode | string {
  try {
    return parsePattern(pattern);
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

function exampleDefects(signature: Signature, regex: RegExp): Defect[] {
  const matches = (text: string) => {
    regex.lastIndex = 0;
    return regex.test(fold(text).folded);
  };
  const { match, noMatch } = signature.examples;
  return [
    ...match.flatMap((text, at) =>
      matches(text) ? [] : [{ rule: "example_match", defect: `does not match its example match[${at}]` }],
    ),
    ...noMatch.flatMap((text, at) =>
      matches(text) ? [{ rule: "example_no_match", defect: `matches its counter-example noMatch[${at}]` }] : [],
    ),
  ];
}

/** The pattern as a regular expression over folded text, without flags that V8's linear engine lacks. */
export function sourceOf(node: PatternNode): string {
  switch (node.kind) {
    case "char":
      return node.char.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
    case "class":
    case "assert":
      return node.source;
    case "choice":
      return `(?:${node.options.map(sourceOf).join("|")})`;
    case "sequence":
      return node.items.map(sourceOf).join("");
    case "repeat":
      return `${grouped(node.item)}{${node.min},${node.max}}`;
  }
}

function grouped(node: PatternNode): string {
  const single = node.kind === "class" || (node.kind === "char" && node.char.length === 1);
  return single ? sourceOf(node) : `(?:${sourceOf(node)})`;
}
