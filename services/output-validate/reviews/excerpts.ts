/**
 * Cuts out of an answer and its context what the findings are about, so that a
 * reviewer sees the claim and the passage that comes closest to it. Content:
 * it travels where the answer does, and nowhere else.
 */
import type { Finding, GuardReport } from "../../../schemas/parts/finding.ts";
import type { Excerpt } from "../../../schemas/records/review.ts";
import { answerTexts, callTexts, type Said } from "../../guards/output/answer-texts.ts";

/** So many findings are shown, and so much of each passage, UTF-16 code units. */
const mostExcerpts = 20;
const mostChars = 400;

/** `said` and `context` as the guards read them. */
export function excerptsOf(
  reports: readonly GuardReport[],
  { output, calls }: Said,
  context: readonly string[],
): readonly Excerpt[] {
  if (reports.every(({ findings }) => findings.length === 0)) return [];
  const texts = new Map([...answerTexts(output), ...callTexts(calls)].map(({ field, text }) => [field, text]));
  return reports
    .flatMap(({ findings }) => findings)
    .flatMap((finding) => excerptOf(finding, texts, context))
    .slice(0, mostExcerpts);
}

function excerptOf(
  { rule, field = "answer", span, claim = span, evidence }: Finding,
  texts: ReadonlyMap<string, string>,
  context: readonly string[],
): readonly Excerpt[] {
  const text = texts.get(field);
  if (claim === undefined || text === undefined) return [];
  const source = evidence === undefined ? undefined : context[evidence.context];
  const passage = evidence === undefined || source === undefined ? {} : { passage: cut(source, evidence.span) };
  return [{ rule, field, claim: cut(text, claim), ...passage }];
}

/** Never half of a surrogate pair. */
function cut(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  const words = text.slice(start, end);
  return words.length <= mostChars ? words : `${words.slice(0, mostChars).replace(/[\uD800-\uDBFF]$/, "")} ...`;
}
