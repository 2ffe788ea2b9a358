/**
 * Numbers written as words, in seven languages: `twenty-five`, `fünfundzwanzig`,
 * `vingt-cinq`, `three hundred thousand`. A lone `one` is no number: it is a
 * pronoun or an article in most of them. Which language's words count is told
 * by the text, because `once`, `due` and `elf` are numbers in one and words in another.
 */
import { fold } from "../../text/fold.ts";
import type { Language } from "../text/function-words.ts";

/** Zero to nineteen, then the tens from twenty; then what multiplies. */
interface Numerals {
  readonly ones: string;
  readonly tens: string;
  readonly scales: readonly (readonly [words: string, value: number])[];
  readonly ordinals?: string;
}

const millions: readonly (readonly [string, number])[] = [
  [
    "million millions mio mln mn millionen millon millones million millions milione milioni milhao milhoes miljoen",
    1e6,
  ],
  ["billion billions bn milliarde milliarden mrd mld milliard milliards miliardo miliardi miljard", 1e9],
];

const numerals: Partial<Record<Language, Numerals>> = {
  en: {
    ones: "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    tens: "twenty thirty forty fifty sixty seventy eighty ninety",
    scales: [["hundred hundreds", 100], ["thousand thousands k", 1000], ...millions, ["trillion trillions tn", 1e12]],
    ordinals:
      "- - - third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth",
  },
  de: {
    ones: "null eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn",
    tens: "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig",
    scales: [["hundert", 100], ["tausend", 1000], ...millions, ["billion billionen", 1e12]],
  },
  fr: {
    ones: "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
    tens: "vingt trente quarante cinquante soixante septante huitante nonante",
    scales: [["cent cents", 100], ["mille", 1000], ...millions],
  },
  es: {
    ones: "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve",
    tens: "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    scales: [["cien ciento", 100], ["mil", 1000], ...millions],
  },
  it: {
    ones: "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove",
    tens: "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    scales: [["cento", 100], ["mille mila", 1000], ...millions],
  },
  pt: {
    ones: "zero um dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete dezoito dezenove",
    tens: "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    scales: [["cem cento", 100], ["mil", 1000], ...millions],
  },
  nl: {
    ones: "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
    tens: "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    scales: [["honderd", 100], ["duizend", 1000], ...millions, ["biljoen", 1e12]],
  },
};

export interface Numeral {
  readonly kind: "one" | "ten" | "scale";
  readonly value: number;
}

const tables: ReadonlyMap<Language, ReadonlyMap<string, Numeral>> = new Map(
  (["en", "de", "fr", "es", "it", "pt", "nl"] as const).map((language) => [language, tableOf(language)]),
);

function tableOf(language: Language): ReadonlyMap<string, Numeral> {
  const found = new Map<string, Numeral>();
  const own = numerals[language];
  if (own === undefined) return found;
  const ones = own.ones.split(" ");
  const tens = own.tens.split(" ");
  ones.forEach((word, value) => found.set(fold(word).folded, { kind: "one", value }));
  own.ordinals?.split(" ").forEach((word, value) => found.set(word, { kind: "one", value }));
  tens.forEach((word, at) => found.set(fold(word).folded, { kind: "ten", value: 20 + 10 * at }));
  if (language === "de" || language === "nl") addJoined(found, ones.slice(1, 10), tens);
  for (const [words, value] of own.scales)
    for (const word of words.split(" ")) found.set(fold(word).folded, { kind: "scale", value });
  found.delete("-");
  return found;
}

/** `einundzwanzig`, `eenentwintig`: one word for both digits. */
function addJoined(found: Map<string, Numeral>, ones: readonly string[], tens: readonly string[]): void {
  tens.forEach((ten, at) => {
    ones.forEach((one, digit) => {
      for (const link of ["und", "en"])
        found.set(fold(`${one === "eins" ? "ein" : one}${link}${ten}`).folded, {
          kind: "ten",
          value: 21 + 10 * at + digit,
        });
    });
  });
}

const english = tables.get("en") ?? new Map<string, Numeral>();

/** What a word counts in a text of that language; English where the language is not known. */
export function numeralOf(word: string, language: Language | null): Numeral | undefined {
  return (tables.get(language ?? "en") ?? english).get(word);
}
