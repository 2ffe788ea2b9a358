/**
 * Everything in a text that a policy has an action for: the built-in entities
 * and the harness's own, without overlap. Where two kinds meet in one place the
 * surer one gives its name; where they are as sure, or one is the harness's
 * own, the stricter action stands. What is let through never hides a value
 * that is not. What is written in a code (base64, hex, escapes) is read as well
 * and found as the whole that is encoded. Placeholders and tokens put in before
 * are left alone.
 */
import type { PiiAction, PolicyKnobs } from "../../../schemas/control/harness-definition.ts";
import type { Severity } from "../../../schemas/parts/finding.ts";
import { piiEntities, type Confidence, type PiiEntity } from "../pii/entity.ts";
import { findPii } from "../pii/find-pii.ts";
import { decode } from "../text/decode/decoded.ts";
import { excerpt } from "../text/excerpt.ts";
import type { FoldedText } from "../text/fold.ts";
import { compareStrictness } from "./action-order.ts";
import { compileCustom, findCustom, type CompiledCustom } from "./custom-entity.ts";
import { isWithinForm, labelOf } from "./token-forms.ts";

export interface PersonalDatum {
  /** A built-in entity, or the name of a custom one. */
  readonly entity: string;
  readonly confidence: Confidence;
  readonly action: PiiAction;
  /** Offsets into the original text, UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** How the value was written, where it was decoded to be read. */
  readonly how?: readonly string[];
}

interface Candidate extends PersonalDatum {
  readonly custom: boolean;
}

/** A policy as it is searched by. Compiled once per policy object. */
export interface PrivacyRules {
  readonly actions: Readonly<Record<string, PiiAction>>;
  readonly entities: readonly PiiEntity[];
  /** Those of which something must not pass as it is. */
  readonly guarded: readonly PiiEntity[];
  readonly customs: readonly CompiledCustom[];
  readonly labels: ReadonlySet<string>;
  /** For a person and for the record, custom entities included. */
  readonly describe: (entity: string) => { readonly title: string; readonly severity: Severity };
}

type Knobs = PolicyKnobs["pii"];

const compiled = new WeakMap<Knobs, PrivacyRules>();

/** @throws Error when a custom pattern is none: definitions are checked before they are in force. */
export function privacyRules(knobs: Knobs): PrivacyRules {
  const known = compiled.get(knobs);
  if (known !== undefined) return known;
  const rules = compileRules(knobs);
  compiled.set(knobs, rules);
  return rules;
}

function compileRules({ entities: actions, custom }: Knobs): PrivacyRules {
  const entities = piiEntities.map(({ entity }) => entity).filter((entity) => Object.hasOwn(actions, entity));
  const described = new Map<string, { title: string; severity: Severity }>([
    ...piiEntities.map(({ entity, title, severity }) => [entity, { title, severity }] as const),
    ...custom.map(({ name, severity }) => [name, { title: `a value of kind ${name}`, severity }] as const),
  ]);
  const customs = custom.map((given) => {
    const verdict = compileCustom(given);
    if (verdict.kind === "refused") throw new Error(`custom entity ${given.name}: ${verdict.message}`);
    return verdict.custom;
  });
  return {
    actions,
    entities,
    guarded: entities.filter((entity) => actions[entity] !== "allow"),
    customs,
    labels: new Set([...described.keys()].map(labelOf)),
    describe: (entity) => described.get(entity) ?? { title: entity, severity: "high" },
  };
}

/** Whether a policy can be followed only with a key. */
export function needsKey({ entities, custom }: Knobs): boolean {
  return [...Object.values(entities), ...custom.map(({ action }) => action)].some(
    (action) => action === "hash" || action === "pseudonymise",
  );
}

/** In order, without overlap. */
export function findPersonalData(text: FoldedText, rules: PrivacyRules): readonly PersonalDatum[] {
  return settled([...candidatesIn(text, rules), ...encodedCandidates(text, rules)])
    .filter((datum) => !isWithinForm(text.original, datum, rules.labels))
    .map(({ custom: _custom, ...datum }) => datum);
}

function candidatesIn(text: FoldedText, rules: PrivacyRules): readonly Candidate[] {
  const withAction = (match: Omit<PersonalDatum, "action">): Candidate => ({
    ...match,
    action: rules.actions[match.entity] ?? "redact",
    custom: false,
  });
  const found = findPii(text, rules.entities).map(withAction);
  const hiding = found.some(({ action }) => action === "allow") && rules.guarded.length > 0;
  const hidden = hiding ? findPii(text, rules.guarded).map(withAction) : [];
  const own = findCustom(text, rules.customs).map((match) => ({ ...match, custom: true }));
  return [...found, ...hidden, ...own];
}

/** A shape alone means nothing in what was decoded, unless the harness itself defines it. */
function encodedCandidates(text: FoldedText, rules: PrivacyRules): readonly Candidate[] {
  const decoded = decode(text);
  if (decoded?.parts === undefined) return [];
  const parts = [...decoded.parts].toSorted(([left], [right]) => left - right);
  return candidatesIn(excerpt(decoded), rules)
    .filter(({ confidence, custom }) => custom || confidence !== "bare")
    .filter((candidate) => meetsPart(parts, candidate))
    .map((candidate) => ({ ...candidate, how: decoded.how }));
}

/** `parts`: start and end of each, in order, without overlap. */
function meetsPart(parts: readonly (readonly [number, number])[], { start, end }: Candidate): boolean {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle]?.[0] ?? Infinity) < end) low = middle + 1;
    else high = middle;
  }
  return (parts[low - 1]?.[1] ?? 0) > start;
}

function settled(candidates: readonly Candidate[]): readonly Candidate[] {
  const kept: Candidate[] = [];
  for (const next of candidates.toSorted((left, right) => left.start - right.start)) {
    const last = kept.at(-1);
    if (last === undefined || next.start >= last.end) kept.push(next);
    else {
      const winner = beats(next, last) ? next : last;
      kept[kept.length - 1] = { ...winner, start: last.start, end: Math.max(last.end, next.end) };
    }
  }
  return kept;
}

const rank: Readonly<Record<Confidence, number>> = { validated: 0, contextual: 1, bare: 2 };

function beats(challenger: Candidate, holder: Candidate): boolean {
  const surer = rank[holder.confidence] - rank[challenger.confidence];
  if (surer !== 0 && !challenger.custom && !holder.custom) return surer > 0;
  return compareStrictness(challenger.action, holder.action) > 0;
}
