/**
 * Compiles the rules for secrets: gitleaks' (MIT; carried over by
 * eval/pii/carry-over) and our own. A rule is looked at only where one of its
 * keywords stands; its pattern is bounded, so that its time is too.
 */
import { buildAutomaton, type LiteralAutomaton } from "../../injection/literals/automaton.ts";
import gitleaks from "./gitleaks-rules.json" with { type: "json" };
import { ownRules } from "./own-rules.ts";

export interface SecretRow {
  readonly id: string;
  /** In lower case; one of them stands in every text that holds such a secret. */
  readonly keywords: readonly string[];
  /** Shannon's, in bits a character, that the secret must exceed. */
  readonly entropy: number;
  readonly kind: string;
  /** The whole pattern ignores case. */
  readonly anyCase?: boolean | undefined;
  readonly pattern?: string | undefined;
  /** Of an assignment: what the name holds, and the value with the secret in a group. */
  readonly name?: string | undefined;
  readonly value?: string | undefined;
}

export interface SecretRule {
  readonly id: string;
  readonly regex: RegExp;
  readonly entropy: number;
  /** The secret is at the end of the match, after its name. */
  readonly assigned: boolean;
  /** Known by its name alone: the value can be anything, a placeholder too. */
  readonly named: boolean;
}

export interface SecretRules {
  readonly automaton: LiteralAutomaton;
  /** By the automaton's literal. */
  readonly byKeyword: readonly (readonly SecretRule[])[];
}

const between = String.raw`(?:[ \t\w.-]{0,20}[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)|[ \t](?:is|was):?[ \t])[\x60'"\s=]{0,5}`;
const after = String.raw`(?:[\x60'"\s;,)\]}]|\.(?=\s|$)|\\[nr]|$)`;

const ownNamed = /^own-(?:password|url-password|bearer-token)$|^curl-/;

export const secretRules: SecretRules = compile([...gitleaks.rules, ...ownRules]);
/** Words that a random secret does not hold: names of things in code. */
export const identifierWords: LiteralAutomaton = buildAutomaton(gitleaks.stopwords.split(" "));

function compile(rows: readonly SecretRow[]): SecretRules {
  const byKeyword = new Map<string, SecretRule[]>();
  for (const row of rows) {
    const rule = compileRule(row);
    for (const keyword of row.keywords) byKeyword.set(keyword, [...(byKeyword.get(keyword) ?? []), rule]);
  }
  return { automaton: buildAutomaton([...byKeyword.keys()]), byKeyword: [...byKeyword.values()] };
}

function compileRule({ id, entropy, pattern, name, value, anyCase = false }: SecretRow): SecretRule {
  const source = pattern ?? `${name ?? ""}${between}${value ?? ""}${after}`;
  return {
    id,
    entropy,
    regex: new RegExp(source, anyCase ? "gi" : "g"),
    assigned: pattern === undefined,
    named: pattern === undefined || ownNamed.test(id),
  };
}
