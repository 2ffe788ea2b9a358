/**
 * Looks for personal data and secrets in every text of the input, before
 * anything reaches a provider, and does with each kind what the policy says:
 * block, redact, mask, hash, pseudonymise, or let through and note. Findings
 * say what, where, how sure and what was done, never the value.
 */
import type { PiiAction, PolicyKnobs } from "../../../schemas/control/harness-definition.ts";
import type { Finding, GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import { stricter } from "../../guards/privacy/action-order.ts";
import type { PseudonymMap, Tokeniser } from "../../guards/privacy/cryptography.ts";
import {
  findPersonalData,
  needsKey,
  privacyRules,
  type PersonalDatum,
  type PrivacyRules,
} from "../../guards/privacy/find-personal-data.ts";
import { PseudonymBook } from "../../guards/privacy/pseudonym-book.ts";
import { replaceValues } from "../../guards/privacy/replace-values.ts";
import { pseudonymsIn } from "../../guards/privacy/token-forms.ts";
import { piiRulesVersion } from "../../guards/pii/find-pii.ts";
import { GuardUnavailable, type GuardOutcome } from "../policy.ts";
import type { InputText } from "./texts/input-texts.ts";

const maxFindings = 100;
const maxReasons = 10;

export interface PiiScope {
  readonly clientId: string;
  /** Null when no key is configured. */
  readonly tokeniser: Tokeniser | null;
}

export interface PiiOutcome extends GuardOutcome {
  /** By index of the text: the text with its personal data replaced. */
  readonly replacements: ReadonlyMap<number, string>;
  /** What the pseudonyms in the replacements stand for. */
  readonly pseudonyms: PseudonymMap;
}

/** @throws GuardUnavailable when the policy needs a key and there is none. */
export function scanPii(texts: readonly InputText[], knobs: PolicyKnobs["pii"], scope: PiiScope): PiiOutcome {
  if (scope.tokeniser === null && needsKey(knobs)) {
    throw new GuardUnavailable("hash and pseudonymise need a key: set BREAKWATER_SECRET_KEY");
  }
  const rules = privacyRules(knobs);
  const found = texts.map(({ folded }) => findPersonalData(folded, rules));
  const { replacements, pseudonyms } = replaced(texts, found, scope);
  const all = texts.flatMap(({ path }, index) => (found[index] ?? []).map((datum) => ({ datum, path })));
  const blocking = all.filter(({ datum }) => datum.action === "block");
  return {
    report: {
      guard: "pii",
      verdict: verdictOf(all.map(({ datum }) => datum.action)),
      findings: all.slice(0, maxFindings).map(({ datum, path }) => findingOf(datum, path, rules)),
      ...(all.length > 0 ? { detail: countsOf(all.map(({ datum }) => datum)) } : {}),
    },
    reasons: blocking.slice(0, maxReasons).map(({ datum, path }) => reasonOf(datum, path, rules)),
    replacements,
    pseudonyms,
  };
}

function replaced(
  texts: readonly InputText[],
  found: readonly (readonly PersonalDatum[])[],
  { clientId, tokeniser }: PiiScope,
): Pick<PiiOutcome, "replacements" | "pseudonyms"> {
  const replacements = new Map<number, string>();
  const touched = found.flatMap((data, index) => (data.some(({ action }) => action !== "allow") ? [index] : []));
  const named = found.some((data) => data.some(({ action }) => action === "pseudonymise"));
  const taken = named ? texts.flatMap(({ folded }) => pseudonymsIn(folded.original)) : [];
  const book = new PseudonymBook(new Set(taken));
  for (const index of touched) {
    const text = texts[index]?.folded.original ?? "";
    replacements.set(index, replaceValues(text, found[index] ?? [], { clientId, tokeniser, book }));
  }
  return { replacements, pseudonyms: book.values };
}

function verdictOf(actions: readonly PiiAction[]): GuardReport["verdict"] {
  if (actions.length === 0) return "passed";
  const strictest = actions.reduce(stricter);
  if (strictest === "allow") return "flagged";
  return strictest === "block" ? "blocked" : "redacted";
}

function findingOf(
  { entity, confidence, action, start, end, how }: PersonalDatum,
  path: string,
  rules: PrivacyRules,
): Finding {
  const { title, severity } = rules.describe(entity);
  return {
    rule: `pii.${entity}`,
    version: piiRulesVersion,
    severity,
    confidence,
    action,
    span: { start, end },
    field: path,
    message: `${title}, ${confidence}${how === undefined ? "" : `, read through ${how.join(", ")}`}`,
  };
}

function reasonOf({ entity }: PersonalDatum, path: string, rules: PrivacyRules): Reason {
  const { title } = rules.describe(entity);
  return { code: "pii", message: `holds ${title}, which this harness does not accept`, path, rule: `pii.${entity}` };
}

/** All of them are counted, also those beyond the findings that are listed: `card: 2 redact, email: 1 hash`. */
function countsOf(data: readonly PersonalDatum[]): string {
  const counts = new Map<string, number>();
  for (const { entity, action } of data) {
    const kind = `${entity} ${action}`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${kind.replace(" ", `: ${count} `)}`).join(", ");
}
