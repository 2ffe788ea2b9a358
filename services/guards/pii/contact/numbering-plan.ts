/**
 * The world's numbering plans, from libphonenumber's metadata: which national
 * numbers exist. Its patterns are compiled once, at first use of a country, and
 * read directly: parsing with the library costs some thirty times as much, and
 * a hostile text is full of numbers.
 */
import metadata from "libphonenumber-js/max/metadata";

/** Places in the metadata's rows (version 4). */
const patternAt = 2;
const typesAt = 11;

interface Plan {
  readonly all: RegExp;
  /** One pattern of each type of number: fixed, mobile, free of charge ... */
  readonly types: readonly RegExp[];
}

const plans = new Map<string, Plan | null>();
const rows = new Map<string, readonly unknown[]>([
  ...Object.entries(metadata.countries),
  ...Object.entries(metadata.nonGeographic),
]);
const callingCodes = new Map<string, readonly string[]>([
  ...Object.entries(metadata.country_calling_codes),
  ...Object.keys(metadata.nonGeographic).map((code) => [code, [code]] as const),
]);

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
  const plan = planOf(country);
  if (plan === null || !plan.all.test(digits)) return false;
  return plan.types.length === 0 || plan.types.some((type) => type.test(digits));
}

function planOf(country: string): Plan | null {
  const known = plans.get(country);
  if (known !== undefined) return known;
  const row = rows.get(country);
  const all = row?.[patternAt];
  const types = row?.[typesAt];
  const plan =
    typeof all !== "string" ? null : { all: whole(all), types: Array.isArray(types) ? types.flatMap(typePattern) : [] };
  plans.set(country, plan);
  return plan;
}

function typePattern(type: unknown): readonly RegExp[] {
  const pattern: unknown = Array.isArray(type) ? type[0] : "";
  return typeof pattern === "string" && pattern !== "" ? [whole(pattern)] : [];
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}
