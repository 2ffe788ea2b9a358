/**
 * Labelled texts with personal data of every kind that the guard knows, and
 * texts that only look like it. Seeded: the same seed and count give the same
 * texts. A quarter are hard negatives; of the rest each kind gets its share.
 */
import type { LabelledText, Value } from "./labelled-text.ts";
import { seededRandom, type Random } from "./random.ts";
import { namings, sentencesFor } from "./sentences.ts";
import { hardNegatives } from "./values/hard-negatives.ts";
import { bareSsn, dea, itin, mbi, mrn, npi, ssn } from "./values/health-and-us.ts";
import { nationalNumber } from "./values/national.ts";
import { coordinates, ip, mac } from "./values/network.ts";
import { birthDate, drivingLicence, email, passport, streetAddress } from "./values/people.ts";
import { card, cryptoAddress, iban } from "./values/payment.ts";
import { phone } from "./values/phones.ts";
import { secret } from "./values/secrets.ts";

/** By weight: the kinds that the issue names hold several. */
const makers: readonly ((random: Random) => LabelledText)[] = [
  ...repeat(4, plain(card)),
  ...repeat(4, plain(phone)),
  ...repeat(3, national),
  ...repeat(2, plain(ssn), plain(iban), plain(email), plain(ip), secretText),
  ...[itin, npi, mbi, dea, mrn, passport, drivingLicence, birthDate, streetAddress].map(plain),
  ...[mac, coordinates, cryptoAddress].map(plain),
  bareSsnText,
];

export function generatePii(seed: number, count: number): readonly LabelledText[] {
  const random = seededRandom(seed);
  const negatives = Object.entries(hardNegatives);
  return Array.from({ length: count }, (_, index) => {
    if (index % 4 === 3) {
      const [kind, make] = negatives[((index - 3) / 4) % negatives.length] ?? random.pick(negatives);
      return { text: make(random), spans: [], kind: `none: ${kind}` };
    }
    const make = makers[(index - Math.floor(index / 4)) % makers.length] ?? plain(card);
    return make(random);
  });
}

function repeat<T>(times: number, ...items: readonly T[]): readonly T[] {
  return Array.from({ length: times }, () => items).flat();
}

function plain(make: (random: Random) => Value): (random: Random) => LabelledText {
  return (random) => {
    const value = make(random);
    return place(random.pick(sentencesFor(value.entity)), value);
  };
}

function bareSsnText(random: Random): LabelledText {
  return place(random.pick(["SSN: {}", "my social security number is {}", "ssn {}"]), bareSsn(random));
}

function national(random: Random): LabelledText {
  const value = nationalNumber(random);
  return place(random.pick(namings).replace("{name}", random.pick(value.words)), value);
}

function secretText(random: Random): LabelledText {
  const value = secret(random);
  const sentence = value.lead === "" ? random.pick(sentencesFor("secret")) : `config: ${value.lead}{}`;
  return place(value.written.includes("\n") ? "{}" : sentence, value);
}

function place(sentence: string, { entity, kind, written }: Value): LabelledText {
  const at = sentence.lastIndexOf("{}");
  return {
    text: sentence.slice(0, at) + written + sentence.slice(at + 2),
    spans: [{ entity, start: at, end: at + written.length }],
    kind,
  };
}
