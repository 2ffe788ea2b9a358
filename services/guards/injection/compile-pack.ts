/**
 * Judges a signature pack and compiles it: whole, or not at all. Every pattern
 * must be linear (compile-pattern.ts), match each of its positive examples and
 * none of its negative ones. A refusal names the signature, the place in the
 * pack and the reason. Patterns that a pack before had are not judged again.
 */
import type { Signature, SignaturePack } from "../../../schemas/control/signature-pack.ts";
import type { Channel } from "../../../schemas/parts/channel.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import { fold } from "../text/fold.ts";
import { readings } from "../text/readings.ts";
import { compilePattern, type CompiledPattern } from "./compile-pattern.ts";

export interface CompiledSignature extends CompiledPattern {
  /** `pack/id`, as findings name it. */
  readonly rule: string;
  readonly version: string;
  readonly category: Signature["category"];
  readonly severity: Signature["severity"];
  readonly action: Signature["action"];
  /** Null: all. */
  readonly channels: readonly Channel[] | null;
}

export interface CompiledPack {
  readonly pack: string;
  readonly version: string;
  /** Share of the runs in which it decides, 0 to 1; 0 is a pack in shadow. */
  readonly liveShare: number;
  readonly signatures: readonly CompiledSignature[];
}

export type PackVerdict =
  | { readonly kind: "compiled"; readonly pack: CompiledPack }
  | { readonly kind: "rejected"; readonly reasons: readonly Reason[] };

/** `known`: patterns by their source that were compiled before, such as those of the pack in force. */
export function compilePack(pack: SignaturePack, known: ReadonlyMap<string, CompiledPattern> = new Map()): PackVerdict {
  const signatures: CompiledSignature[] = [];
  const reasons: Reason[] = [];
  const seen = new Set<string>();
  pack.signatures.forEach((signature, index) => {
    const refuse = (rule: string, message: string, part: string) =>
      reasons.push({
        code: "signature_refused",
        path: `/signatures/${index}${part}`,
        rule,
        message: `${signature.id}: ${message}`,
      });
    if (seen.has(signature.id)) return refuse("unique_id", "the id is used twice", "/id");
    seen.add(signature.id);
    const compiled = known.get(signature.pattern) ?? compilePattern(signature.pattern);
    if ("defect" in compiled) return refuse(compiled.rule, compiled.defect, "/pattern");
    for (const { rule, message, part } of exampleDefects(signature, compiled.regex)) refuse(rule, message, part);
    signatures.push(describe(pack, signature, compiled));
  });
  if (reasons.length > 0) return { kind: "rejected", reasons };
  const liveShare = pack.mode === "shadow" ? 0 : (pack.canary ?? 1);
  return { kind: "compiled", pack: { pack: pack.pack, version: pack.version, liveShare, signatures } };
}

/** The patterns of packs, to be compiled only once when the next pack has them too. */
export function patternsOf(packs: Iterable<CompiledPack>): ReadonlyMap<string, CompiledPattern> {
  return new Map([...packs].flatMap(({ signatures }) => signatures.map((each) => [each.pattern, each] as const)));
}

function describe(pack: SignaturePack, signature: Signature, compiled: CompiledPattern): CompiledSignature {
  const { pattern, groups, regex, longest, weight } = compiled;
  const { id, category, severity, action, channels } = signature;
  const rule = `${pack.pack}/${id}`;
  const what = { rule, version: pack.version, category, severity, action, channels: channels ?? null };
  return { ...what, pattern, groups, regex, longest, weight };
}

interface ExampleDefect {
  readonly rule: string;
  readonly message: string;
  readonly part: string;
}

function exampleDefects({ examples: { match, noMatch } }: Signature, regex: RegExp): ExampleDefect[] {
  return [
    ...match.flatMap((text, at) =>
      matches(regex, text)
        ? []
        : [
            {
              rule: "example_match",
              message: `does not match its example match[${at}]`,
              part: `/examples/match/${at}`,
            },
          ],
    ),
    ...noMatch.flatMap((text, at) =>
      matches(regex, text)
        ? [
            {
              rule: "example_no_match",
              message: `matches its counter-example noMatch[${at}]`,
              part: `/examples/noMatch/${at}`,
            },
          ]
        : [],
    ),
  ];
}

/** As a text is scanned: folded, and in its other readings. */
function matches(regex: RegExp, text: string): boolean {
  const folded = fold(text);
  return [folded, ...readings(folded)].some((read) => {
    regex.lastIndex = 0;
    return regex.test(read.folded);
  });
}
