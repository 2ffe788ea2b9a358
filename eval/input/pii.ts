/**
 * Precision and recall of the finder of personal data per entity: on texts of
 * the generator, seeded for this, and on the labelled texts of
 * presidio-research, of whose labels those are counted that the finder knows.
 */
import { z } from "zod";
import { piiEntities, type PiiEntity } from "../../services/guards/pii/entity.ts";
import { findPii } from "../../services/guards/pii/find-pii.ts";
import { fold } from "../../services/guards/text/fold.ts";
import { halfOf, type Half } from "../corpus/half.ts";
import { readRows } from "../corpus/read-rows.ts";
import { generatePii } from "../pii/generate.ts";
import type { LabelledText } from "../pii/labelled-text.ts";
import { measurePii, type EntityFigures } from "../pii/measure.ts";
import type { Figure } from "./figure.ts";

/** Not the seeds that the rules were written with; a quarter of the texts are hard negatives. */
const seeds: Readonly<Record<Half, number>> = { dev: 4, test: 20_261_122 };
const generated = 4_000;

const labels: Readonly<Record<string, PiiEntity>> = {
  CREDIT_CARD: "card",
  PHONE_NUMBER: "phone",
  EMAIL_ADDRESS: "email",
  IBAN_CODE: "iban",
  US_SSN: "ssn",
  IP_ADDRESS: "ip",
};

const labelled = z.object({
  text: z.string(),
  spans: z.array(z.object({ type: z.string(), start: z.number(), end: z.number() })),
});

export function measurePersonalData(half: Half): readonly Figure[] {
  const every = piiEntities.map(({ entity }) => entity);
  const known = Object.values(labels);
  const ours = measurePii((text) => findPii(fold(text), every), generatePii(seeds[half], generated));
  const theirs = measurePii((text) => findPii(fold(text), known), readLabelled(half));
  const { texts, rate } = ours.hardNegatives;
  return [
    ...ours.entities.flatMap((entity) => figures("generated", entity)),
    { name: "pii/hard-negatives/redacted", value: rate, size: texts, better: "lower" },
    ...theirs.entities.flatMap((entity) => figures("presidio", entity)),
  ];
}

function figures(
  from: string,
  { entity, labelled: size, recall, precision, reported }: EntityFigures,
): readonly Figure[] {
  return [
    { name: `pii/${from}/${entity}/recall`, value: recall, size, better: "higher" },
    { name: `pii/${from}/${entity}/precision`, value: precision, size: reported, better: "higher" },
  ];
}

function readLabelled(half: Half): readonly LabelledText[] {
  return readRows("pii/presidio-research", labelled)
    .filter(({ text }) => halfOf(text) === half)
    .map(({ text, spans }) => ({
      text,
      kind: "presidio-research",
      spans: spans.flatMap(({ type, start, end }) => {
        const entity = labels[type];
        return entity === undefined ? [] : [{ entity, start, end }];
      }),
    }));
}
