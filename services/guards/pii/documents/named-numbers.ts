/**
 * Numbers that have no check of their own and count only right after a word
 * that names them: passports, driving licences, medical records.
 */
import type { PiiEntity, PiiSpan } from "../entity.ts";
import type { PiiText, Word } from "../pii-text.ts";
import { standsAlone, textBefore } from "../surroundings.ts";

interface NamedNumber {
  readonly entity: PiiEntity;
  /** Ends where the value begins, at most a few words on. */
  readonly words: RegExp;
  readonly least: number;
  readonly most: number;
  readonly leastDigits: number;
}

/** Between the name and the value: `number is: `, `no. #`, `(US) - `. */
const between = String.raw`(?:(?:numbers?|numero|nummer|num|no|nr|id|code|card|is|was|are|has|of|the|holder|details|reads|ends|uk|us|usa|n°|nº)\b|[ \n:.#=,"'()/|-]){0,14}$`;

const rows: readonly NamedNumber[] = [
  {
    entity: "passport",
    words: named(
      "passports?|reisepass(?:nummer)?|passeport|pasaporte|passaporto|passaporte|paspoort(?:nummer)?|travel document",
    ),
    least: 6,
    most: 9,
    leastDigits: 4,
  },
  {
    entity: "drivingLicence",
    words: named(
      "(?:driv(?:er|ing)(?:'?s|s')?[ -]?)(?:licen[cs]e|permit)|dl ?#?|fuhrerschein(?:nummer)?|permis de conduire|permiso de conducir|patente(?: di guida)?|carnet de conducir|rijbewijs(?:nummer)?|dvla",
    ),
    least: 5,
    most: 18,
    leastDigits: 4,
  },
  {
    entity: "mrn",
    words: named(
      "mrn ?#?|med(?:ical)?[ .-]?rec(?:ord)?s?|patient(?:'s)?[ -]?(?:id|identifier|number|no|record|chart|mrn)|hospital (?:number|no|id)|health record|chart",
    ),
    least: 5,
    most: 14,
    leastDigits: 4,
  },
];

/** Which of the words could be near at all: one look a number for most texts. */
const anyName =
  /pass|paspoort|travel doc|licen|permi|\bdl\b|fuhrer|patente|carnet|rijbew|dvla|mrn|rec|patient|hospital|chart/;

function named(words: string): RegExp {
  return new RegExp(String.raw`\b(?:${words})${between}`);
}

/** From so many numbers on, one look whether the text holds any of the names is cheaper than one a number. */
const manyNumbers = 50;

export function findNamedNumbers(text: PiiText): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  const { folded, words } = text;
  if (words.length > manyNumbers && !anyName.test(folded)) return found;
  words.forEach((_, index) => {
    const { start, end, named: nameEnd } = wholeNumber(folded, words, index);
    if (end - start < 5 || /^(?:19|20)\d{2}-(?:19|20)?\d{2}(?:-\d{2})?$/.test(folded.slice(start, end))) return;
    const before = textBefore(folded, nameEnd, 64);
    if (!anyName.test(before)) return;
    const written = folded.slice(start, end).replaceAll(/[- ]/g, "");
    const digits = written.replaceAll(/\D/g, "").length;
    for (const row of rows) {
      if (written.length < row.least || written.length > row.most || digits < row.leastDigits) continue;
      if (!row.words.test(before) || !standsAlone(folded, start, end)) continue;
      found.push({ entity: row.entity, confidence: "contextual", start, end });
    }
  });
  return found;
}

interface WholeNumber extends Word {
  /** Where the words end that may name it: its start, or after a name that is joined to it. */
  readonly named: number;
}

/** The word with what dashes join to it, and letters that stand before the dash: `MRN-00123-4`, `D123-4567`. */
function wholeNumber(folded: string, words: readonly Word[], index: number): WholeNumber {
  let { start, end } = words[index] ?? { start: 0, end: 0 };
  let named = start;
  for (let next = index + 1; next < words.length && next < index + 5; next++) {
    const word = words[next];
    if (word === undefined || word.start !== end + 1 || folded.charAt(end) !== "-") break;
    end = word.end;
  }
  if (folded.charAt(start - 1) === "-") {
    let letters = start - 1;
    while (letters > 0 && start - letters < 6 && /[a-z]/.test(folded.charAt(letters - 1))) letters--;
    if (letters < start - 1 && !/[a-z\d-]/.test(folded.charAt(letters - 1))) {
      named = /^(?:mrn|dl|no|nr|id)-$/.test(folded.slice(letters, start)) ? start : letters;
      start = letters;
    }
  }
  return { start, end, named };
}
