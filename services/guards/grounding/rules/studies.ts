/**
 * Studies and publications: a sentence that leans on one which it names (`a
 * 2019 Harvard study`, `Smith et al.`, `the Journal of Sleep`), where the
 * context knows no such name. And figures without a source: a percentage or
 * `studies show` that nothing is named for, when there is no context, or the
 * context speaks of no study.
 */
import { accuse } from "../accuse.ts";
import { findingOf, type GroundingFinding } from "../grounding-finding.ts";
import type { ContextIndex } from "../passages/index-context.ts";
import type { Claim } from "../read-claims.ts";
import { spanOf } from "../text/read-text.ts";
import type { Word } from "../text/read-words.ts";
import { stem } from "../text/stem.ts";

const stemsOf = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).map(stem));

const works = new Set(
  `study studies survey surveys paper papers journal journals trial trials poll polls researchers studie studien umfrage
  etude etudes estudio estudios studio`.split(/\s+/),
);
const vague = stemsOf(
  "study research researchers experts scientists surveys evidence statistics data studien forscher experten etudes estudios",
);
const says = stemsOf(
  "show suggest find indicate agree say believe reveal prove confirm report estimate according zeigen sagen montrent muestran",
);
const sources = new Set(["according", "source", "cited", "reported", "laut", "selon", "segun", "secondo", "et"]);

/** Named studies; to be asked only when there is a context. */
export function findStudies(claim: Claim, index: ContextIndex): readonly GroundingFinding[] {
  const { words, names, values } = claim;
  const work = words.find((word, at) => works.has(word.text) || (word.text === "al" && words[at - 1]?.text === "et"));
  if (work === undefined || (index.postings.has(work.stem) && work.text !== "al")) return [];
  const named = names.some(({ missing }) => missing.length > 0) || work.text === "al";
  const dated = values.some(({ value, lookup }) => value.kind === "quantity" && value.year && lookup !== "found");
  if (!named && !dated) return [];
  return [accuse("study unsupported", claim, index, work)];
}

/** `index`: null when there is no context. */
export function findUnsourced(
  { answer, words, names, values, span }: Claim,
  index: ContextIndex | null,
): readonly GroundingFinding[] {
  if (hasSource(words, answer.text.folded) || names.length > 0) return [];
  const share = values.find(
    ({ value }) => value.kind === "quantity" && isShareOfSomething(value.form, value.unit?.name),
  );
  const appeal = words.find(
    ({ stem: form }, at) => vague.has(form) && words.slice(at + 1, at + 4).some((next) => says.has(next.stem)),
  );
  const place = (index === null ? share?.value : undefined) ?? appeal;
  if (place === undefined) return [];
  if (index !== null && appeal !== undefined && index.postings.has(appeal.stem)) return [];
  const at = spanOf(answer, place.start, place.end);
  return [findingOf({ rule: "statistic unsourced", span: at, claim: span, score: 0 })];
}

function isShareOfSomething(form: string, unit: string | undefined): boolean {
  return form !== "share" ? unit === "percent" : false;
}

/** A link, a reference in brackets, or words that name where it is from. */
function hasSource(words: readonly Word[], folded: string): boolean {
  const [first, last] = [words[0], words.at(-1)];
  const text = folded.slice(first?.start, (last?.end ?? 0) + 4);
  return words.some(({ text: word }) => sources.has(word)) || /\[\d|http|www\./.test(text);
}
