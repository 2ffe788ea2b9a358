/**
 * Attacks planted in documents, and the clean documents beside them. Each
 * attack goes into three documents, at the beginning, in the middle and at the
 * end, always between two sentences; its own text chooses which ones.
 */
import { passages } from "./documents.ts";
import { halfOf, lotOf, type Half } from "./half.ts";
import { instructions, type Instruction } from "./instructions.ts";
import { letters } from "./letters.ts";
import { loadSamples } from "./sets.ts";

export interface CleanDocument {
  readonly text: string;
  readonly source: "speeches" | "letters" | "questions";
}

export interface PlantedAttack {
  readonly text: string;
  readonly attack: "spikee" | Instruction["kind"];
  readonly place: Place;
}

const places = ["beginning", "middle", "end"] as const;
export type Place = (typeof places)[number];

export function cleanDocuments(half: Half): readonly CleanDocument[] {
  const questions = loadSamples().filter(({ set }) => set === "spikee-benign");
  return [
    ...passages().map((text) => ({ text, source: "speeches" as const })),
    ...letters().map((text) => ({ text, source: "letters" as const })),
    ...questions.map(({ text }) => ({ text, source: "questions" as const })),
  ].filter(({ text }) => halfOf(text) === half);
}

export function plantedAttacks(half: Half): readonly PlantedAttack[] {
  const spikee = loadSamples().filter((sample) => sample.set === "spikee" && sample.half === half);
  const own = instructions.filter(({ text }) => halfOf(text) === half);
  const attacks = [
    ...spikee.map(({ text }) => ({ text, attack: "spikee" as const })),
    ...own.map(({ text, kind }) => ({ text, attack: kind })),
  ];
  const documents = cleanDocuments(half);
  return attacks.flatMap(({ text, attack }) =>
    places.map((place, turn) => {
      const host = documents[(lotOf(text) + turn * 7919) % documents.length]?.text ?? "";
      return { text: plant(host, text, place), attack, place };
    }),
  );
}

/** Between two sentences, as near to the place as there is such a gap. */
export function plant(document: string, attack: string, place: Place): string {
  if (place === "beginning") return `${attack}\n${document}`;
  if (place === "end") return `${document}\n${attack}`;
  const gaps = [...document.matchAll(/(?<=[.!?])\s+/g)].map(({ index }) => index);
  const middle = document.length / 2;
  const gap = gaps.toSorted((left, right) => Math.abs(left - middle) - Math.abs(right - middle))[0] ?? document.length;
  return `${document.slice(0, gap)} ${attack}${document.slice(gap)}`;
}
