/**
 * Check digits of identity, tax, card and account numbers. Each takes the bare
 * digits and tells whether they agree; none looks at the text around them.
 */

/** Luhn (ISO/IEC 7812-1, annex B): cards, SIN, NPI and others. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const doubled = at % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** The sum of each digit times its weight; digits beyond the weights are left out. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * (digits.charCodeAt(at) - 48), 0);
}

/** ISO/IEC 7064 MOD 11,10, as in the German tax number: the last digit checks the rest. */
export function mod11And10(digits: string): boolean {
  let product = 10;
  for (let at = 0; at < digits.length - 1; at++) {
    const sum = (Number(digits[at]) + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits.at(-1));
}

/** A long decimal number modulo a small one, digit by digit. */
export function remainder(digits: string, modulus: number): number {
  let rest = 0;
  for (let at = 0; at < digits.length; at++) rest = (rest * 10 + digits.charCodeAt(at) - 48) % modulus;
  return rest;
}

/** Products in the dihedral group of order ten; its row for j holds j times each element. */
const dihedral = [
  "0123456789",
  "1234067895",
  "2340178956",
  "3401289567",
  "4012395678",
  "5987604321",
  "6598710432",
  "7659821043",
  "8765932104",
  "9876543210",
];
const permutations = [
  "0123456789",
  "1576283094",
  "5803796142",
  "8916043527",
  "9453126870",
  "4286573901",
  "2793806415",
  "7046913258",
];

/** Verhoeff (1969), as in Aadhaar. */
export function verhoeff(digits: string): boolean {
  let check = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const permuted = Number(permutations[at % 8]?.charAt(digit));
    check = Number(dihedral[check]?.charAt(permuted));
  }
  return digits.length > 0 && check === 0;
}

/** ISO/IEC 7064 MOD 97-10 as IBAN uses it (ISO 13616): letters count as 10 to 35, the first four stand last. Lower case. */
export function ibanChecks(iban: string): boolean {
  const moved = iban.slice(4) + iban.slice(0, 4);
  let rest = 0;
  for (let at = 0; at < moved.length; at++) {
    const value = Number.parseInt(moved.charAt(at), 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
