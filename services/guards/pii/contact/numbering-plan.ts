/**
 * The world's numbering plans, from libphonenumber's metadata: which national
 * numbers a country's plan has room for. Its patterns are compiled once, at
 * first use of a country, and read directly: parsing with the library costs some
 * thirty times as much, and a hostile text is full of numbers. Ranges that are
 * not given out (those for films among them) count: people write such numbers.
 */
import metadata from "libphonenumber-js/min/metadata";

/** Place of the national number's pattern in the metadata's rows (version 4). */
const patternAt = 2;

const rows = new Map<string, readonly unknown[]>([
  ...Object.entries(metadata.countries),
  ...Object.entries(metadata.nonGeographic),
]);
const callingCodes = new Map<string, readonly string[]>([
  ...Object.entries(metadata.country_calling_codes),
  ...Object.keys(metadata.nonGeographic).map((code) => [code, [code]] as const),
]);
const patterns = new Map<string, RegExp | null>();

const longestCallingCode = 3;

/** Digits after the plus sign: calling code and national number. */
export function isInternational(digits: string): boolean {
  for (let size = 1; size <= longestCallingCode; size++) {
    const countries = callingCodes.get(digits.slice(0, size));
    if (countries !== undefined) return countries.some((country) => isNational(digits.slice(size), country));
  }
  return false;
}

/** The national number, without the trunk prefix; a country by its two letters. */
export function isNational(digits: string, country: string): boolean {
  return patternOf(country)?.test(digits) === true;
}

function patternOf(country: string): RegExp | null {
  const known = patterns.get(country);
  if (known !== undefined) return known;
  const written = rows.get(country)?.[patternAt];
  const pattern = typeof written === "string" ? new RegExp(`^(?:${written})$`) : null;
  patterns.set(country, pattern);
  return pattern;
}
