/**
 * Instructions to a machine, planted in a text that is only material: a
 * document that was retrieved or uploaded, a tool's result. Deterministic
 * rules, without a list of attacks: each sentence is scored by whom it speaks
 * to, what it orders, and how far that stands out from the text around it.
 * Linear in the text. A mention of an assistant is no instruction, and a manual
 * full of orders is no attack: both stay below the threshold.
 */
import { buildAutomaton } from "../injection/literals/automaton.ts";
import { originalSpan, type FoldedText, type Span } from "../text/fold.ts";
import { orderIn, type Order } from "./orders.ts";
import { phrases, type PhraseKind } from "./phrases.ts";
import { sentencesOf } from "./sentences.ts";

export const plantedRulesVersion = "1";

export interface PlantedInstruction {
  /** Where the window stands in the original text. */
  readonly span: Span;
  /** 0 to 1, in hundredths. */
  readonly score: number;
  /** What speaks for it, for the record: `order`, `machine`, `override` ... */
  readonly cues: readonly string[];
}

/** From here on a window is suspicious; from `certain` on, hardly anything else than an attack is written so. */
export const suspicious = 0.5;
export const certain = 0.85;

type Cue = PhraseKind | "order";
const cues: readonly Cue[] = ["order", "machine", "answer", "moment", "override", "secrecy", "structure", "leak"];

/** A sentence's weight per cue, in the order of `cues`. */
type Weights = Float64Array;

const automaton = buildAutomaton(phrases.map(({ text }) => text));
const kindAt: readonly number[] = phrases.map(({ kind }) => cues.indexOf(kind));

/** The windows that read like instructions to a machine, the most suspicious first; at most `most`. */
export function findPlanted(text: FoldedText, most = 5): readonly PlantedInstruction[] {
  const sentences = sentencesOf(text.folded);
  const orders = sentences.map(({ start, end }) =>
    end - start < shortestOrder ? null : orderIn(text.folded.slice(start, end)),
  );
  const weights = phraseWeights(text.folded, sentences);
  const stands = contrast(orders);
  const says = (at: number): boolean => weights.has(at) || (orders[at] ?? null) !== null;
  const windows = sentences.map((_, at) =>
    says(at - 1) || says(at) || says(at + 1) ? scoreOf(windowWeights(at, { weights, orders, stands })) : silence,
  );
  const peaks = windows.flatMap((window, at): PlantedInstruction[] => {
    const sentence = sentences[at];
    if (sentence === undefined || window.score < suspicious || !isPeak(windows, at)) return [];
    return [{ ...window, span: originalSpan(text, sentence.start, sentence.end) }];
  });
  return peaks.toSorted((left, right) => right.score - left.score).slice(0, most);
}

/** Nothing shorter is an order that somebody could follow; a text of line feeds has a great many shorter ones. */
const shortestOrder = 6;
const silence: { readonly score: number; readonly cues: readonly string[] } = { score: 0, cues: [] };

/** Neighbouring windows overlap: of those that see the same, the one around it counts. */
function isPeak(windows: readonly { readonly score: number }[], at: number): boolean {
  const { score } = windows[at] ?? { score: 0 };
  return score > (windows[at - 1]?.score ?? 0) && score >= (windows[at + 1]?.score ?? 0);
}

/** Per sentence that holds any, the heaviest phrase of each kind. */
function phraseWeights(folded: string, sentences: readonly Span[]): ReadonlyMap<number, Weights> {
  const found = new Map<number, Weights>();
  let at = 0;
  automaton.scan(folded, (index, end) => {
    const phrase = phrases[index];
    if (phrase === undefined || !standsAlone(folded, end - phrase.text.length, end)) return;
    while (at < sentences.length && (sentences[at]?.end ?? 0) < end) at++;
    let own = found.get(at);
    if (own === undefined) found.set(at, (own = new Float64Array(cues.length)));
    const kind = kindAt[index] ?? 0;
    own[kind] = Math.max(own[kind] ?? 0, phrase.weight);
  });
  return found;
}

/** A phrase that begins or ends with a letter is a word of its own there. */
function standsAlone(folded: string, start: number, end: number): boolean {
  return (
    !(isLetter(folded, start) && isLetter(folded, start - 1)) && !(isLetter(folded, end - 1) && isLetter(folded, end))
  );
}

function isLetter(folded: string, at: number): boolean {
  const unit = folded.charCodeAt(at);
  return unit >= 0x61 && unit <= 0x7a;
}

interface Scored {
  readonly weights: ReadonlyMap<number, Weights>;
  readonly orders: readonly (Order | null)[];
  readonly stands: number;
}

/** A window is a sentence with the one before and the one after, which count for less. */
const neighbour = 0.5;

function windowWeights(at: number, { weights, orders, stands }: Scored): Weights {
  const window = Float64Array.from(weights.get(at) ?? none);
  window[0] = standing(orders[at], stands);
  for (const near of [at - 1, at + 1]) {
    const beside = weights.get(near);
    if (beside !== undefined)
      for (let cue = 1; cue < cues.length; cue++)
        window[cue] = Math.max(window[cue] ?? 0, (beside[cue] ?? 0) * neighbour);
    window[0] = Math.max(window[0] ?? 0, standing(orders[near], stands) * neighbour);
  }
  return window;
}

const none = new Float64Array(cues.length);

/** Independent signs: the chance that not one of them means anything. Certain is only what two of them besides the order say. */
function scoreOf(weights: Weights): { readonly score: number; readonly cues: readonly string[] } {
  const doubt = weights.reduce((left, weight) => left * (1 - weight), 1);
  const speaking = cues.filter((_, cue) => (weights[cue] ?? 0) > 0);
  const most = speaking.filter((cue) => cue !== "order").length < 2 ? uncertain : 1;
  return { score: Math.round(Math.min(most, 1 - doubt) * 100) / 100, cues: speaking };
}

const uncertain = 0.8;

/**
 * How much an order says in this text: more where nothing else is one, less in
 * a manual. A short text has no register to stand out from.
 */
function contrast(orders: readonly (Order | null)[]): number {
  const count = orders.reduce((sum, order) => sum + (order === null ? 0 : 1), 0);
  if (orders.length < 6) return 0;
  const share = count / orders.length;
  if (count === 1) return 0.24;
  if (count === 2 || share <= 0.04) return 0.15;
  return share <= 0.1 ? -0.1 : -0.25;
}

function standing(order: Order | null | undefined, stands: number): number {
  if (order === null || order === undefined) return 0;
  return order.plain ? Math.max(0, Math.min(0.9, order.weight + stands)) : order.weight;
}
