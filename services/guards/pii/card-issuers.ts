/**
 * Payment card numbers by issuer: the range of the leading digits (ISO/IEC
 * 7812 identification numbers as the networks publish them) and the lengths
 * that numbers of that range have.
 */

interface IssuerRange {
  readonly network: string;
  /** First and last leading digits, of equal length. */
  readonly from: string;
  readonly to: string;
  readonly least: number;
  readonly most: number;
}

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
  ["jcb", "3528", "3589", 16, 19],
  ["maestro", "50", "50", 13, 19],
  ["maestro", "56", "58", 13, 19],
  ["maestro", "6304", "6304", 13, 19],
  ["maestro", "6390", "6390", 13, 19],
  ["maestro", "67", "67", 13, 19],
  ["mir", "2200", "2204", 16, 19],
  ["rupay", "60", "60", 16],
  ["rupay", "82", "82", 16],
  ["troy", "9792", "9792", 16],
  ["instapayment", "637", "639", 16],
  ["interpayment", "636", "636", 16, 19],
];

const ranges: readonly IssuerRange[] = rows.map(([network, from, to, least, most = least]) => ({
  network,
  from,
  to,
  least,
  most,
}));

/** The network that issues numbers of this prefix and length, or null. */
export function issuerOf(digits: string): string | null {
  const range = ranges.find(({ from, to, least, most }) => {
    if (digits.length < least || digits.length > most) return false;
    const head = digits.slice(0, from.length);
    return head >= from && head <= to;
  });
  return range?.network ?? null;
}
