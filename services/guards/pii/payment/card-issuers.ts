/**
 * Payment card numbers by issuer: the range of the leading digits (ISO/IEC
 * 7812 identification numbers as the networks publish them) and the lengths
 * that numbers of that range have.
 */

const rows: readonly (readonly [network: string, from: string, to: string, least: number, most?: number])[] = [
  ["visa", "4", "4", 16],
  ["visa", "4", "4", 13],
  ["visa", "4", "4", 19],
  ["mastercard", "51", "55", 16],
  ["mastercard", "2221", "2720", 16],
  ["amex", "34", "34", 15],
  ["amex", "37", "37", 15],
  ["diners", "300", "305", 14],
  ["diners", "3095", "3095", 14],
  ["diners", "36", "36", 14],
  ["diners", "38", "39", 14],
  ["discover", "6011", "6011", 16, 19],
  ["discover", "644", "649", 16, 19],
  ["discover", "65", "65", 16, 19],
  ["unionpay", "62", "62", 16, 19],
  ["unionpay", "81", "81", 16, 19],
  ["jcb", "35", "35", 16, 19],
  ["jcb", "1800", "1800", 15],
  ["jcb", "2131", "2131", 15],
  ["maestro", "50", "50", 12, 19],
  ["maestro", "56", "58", 12, 19],
  ["maestro", "6304", "6304", 12, 19],
  ["maestro", "6390", "6390", 12, 19],
  ["maestro", "67", "67", 12, 19],
  ["mir", "2200", "2204", 16, 19],
  ["rupay", "60", "60", 16],
  ["rupay", "82", "82", 16],
  ["troy", "9792", "9792", 16],
  ["instapayment", "637", "639", 16],
  ["interpayment", "636", "636", 16, 19],
];

const prefixDigits = 4;

/** By the first four digits, the lengths that exist, as bits: looked up for every number in every text. */
const lengthsByPrefix = new Uint32Array(10 ** prefixDigits);
for (const [, from, to, least, most = least] of rows) {
  const low = Number(from.padEnd(prefixDigits, "0"));
  const high = Number(to.padEnd(prefixDigits, "9"));
  for (let prefix = low; prefix <= high; prefix++) {
    for (let length = least; length <= most; length++)
      lengthsByPrefix[prefix] = (lengthsByPrefix[prefix] ?? 0) | (1 << length);
  }
}

/** The lengths, as bits, that numbers with these first four digits have; 0: no network issues them. */
export function issuedLengths(firstFour: string): number {
  return lengthsByPrefix[Number(firstFour)] ?? 0;
}
