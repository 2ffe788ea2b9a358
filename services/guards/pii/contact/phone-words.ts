/**
 * What the words around a number say of it: that it is for calling, that it
 * is something else, or nothing. The nearest word decides; one that stands right
 * at the number decides alone.
 */
import { textAfter, textBefore } from "../surroundings.ts";

/** `numbered`: named by a word for the number itself, such as `phone`; `named`: by one for a call. */
export type Naming = "numbered" | "named" | "vetoed" | "unnamed";

const reach = 44;

const naming =
  /phone|\btel\b|\btel[.:]|telef|mobile|\bmob\b|\bcell|\bcall|\bdial|\bring |\btext (?:me|us|him|her|them)|\btext(?:ed)? |\bsms\b|whatsapp|\bfax|contact|reach |reached|hotline|helpline|landline|\bhandy|movil|rufnummer|\banruf|\bappel|\bllam|\bchiam|\bligue|\bbel me\b|\bdesk:|answering at|messages? to|voicemail|(?:my|his|her|our|their|your|new|old|main|direct|work|home|office|emergency|reception|personal|business) (?:number|line)\b|number to call|電話|携帯|フォン|फोन/g;
const numbering =
  /^(?:phone|\btel|mobile|\bmob\b|\bfax|hotline|helpline|landline|movil|rufnummer|whatsapp|(?:my|his|her))/;
/** What people write right after a number to say which it is. */
const namingAfter =
  /^ ?[-,(/]? ?(?:office|fax|mobile|cell|home\b|work\b|desk|tel\b|phone|landline|whatsapp|is (?:my|his|her|our|the) (?:number|phone|mobile|cell|line))/;
const otherThings = String.raw`order|invoice|ticket|\bcase|\bref\b|referenc|track|\bid\b|isbn|issn|\bsku|serial|model|version|account|\bacct|batch|\blot\b|\bpo\b|item|booking|confirmation|policy|\bbuild|\bpart |parcel|shipment|receipt|transaction|timestamp|epoch|\bean\b|\bupc|gtin|\bdoi\b|licen[cs]e|passport|\bssn|\bcards?\b|\biban|\btax\b|amount|price|population|\$|€|£|commit|hash|uuid|product|article|catalog|zip|postal|\bmrn|\bnpi|\bdea|medicare|member|employee|student|customer n|serienn|bestell|rechnung|commande|facture|pedido|factura`;
const vetoing = new RegExp(otherThings, "g");
/** `order no. 5`, `tracking code: 5`: nothing but a connecting word stands between. */
const vetoingHere = new RegExp(
  String.raw`(?:${otherThings})[a-z]{0,8}(?:[ :#.()='"-]|\b(?:no|nr|num|number|id|is|was|code|ref|of|the|my|your)\b){0,8}$`,
);
/** Amounts: people, kilometres, bytes ... */
const unitAfter =
  /^ ?(?:%|inhabitants|people|persons|users|km\b|m\b|miles|kg\b|bytes|[kmgt]b\b|units|dollars|euros?\b|usd|eur\b|years|times|rows|records|votes|shares|tons|tonnes|views|followers)/;

const wordOrSign = /[^\d\s.()/+-]/;

export function namingOf(folded: string, start: number, end: number): Naming {
  if (isNamedAfter(folded, end)) return "numbered";
  const before = textBefore(folded, start, reach);
  if (!wordOrSign.test(before)) return "unnamed";
  const named = lastIndexOf(naming, before);
  const vetoed = lastIndexOf(vetoing, before);
  if (named < 0 && vetoed < 0) return "unnamed";
  if (named > vetoed) return numbering.test(before.slice(named)) ? "numbered" : "named";
  return named < 0 || vetoingHere.test(before) ? "vetoed" : "unnamed";
}

export function isNamedAfter(folded: string, end: number): boolean {
  return namingAfter.test(textAfter(folded, end));
}

export function isAmount(folded: string, end: number): boolean {
  return unitAfter.test(textAfter(folded, end));
}

function lastIndexOf(words: RegExp, text: string): number {
  let last = -1;
  for (const match of text.matchAll(words)) last = match.index;
  return last;
}
