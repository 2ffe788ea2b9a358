/**
 * Masks a value so that its owner knows it again and nobody else learns it: the
 * last four of a long number, the first letter and the host of an e-mail
 * address. Of what is short, secret or says where someone is, nothing is left.
 */

/** What stands for a value of which nothing is shown. */
export const hiddenValue = "********";
const star = "*";
const lettersAndDigits = /[\p{L}\p{N}]/gu;
const keptAtEnd = 4;
/** From here on the last four are less than half of it. */
const leastToKeep = 9;
/** Nothing of these is shown, not even how long they are. */
const hidden: ReadonlySet<string> = new Set(["secret", "cryptoAddress"]);
/** Nothing but how long they are. */
const starred: ReadonlySet<string> = new Set(["birthDate", "streetAddress", "coordinates", "ip", "mac"]);

export function maskValue(entity: string, value: string): string {
  if (hidden.has(entity)) return hiddenValue;
  if (starred.has(entity)) return star.repeat(value.length);
  if (entity === "email") return maskEmail(value);
  return maskAllBut(value, keptCount(value));
}

function maskEmail(value: string): string {
  const at = value.lastIndexOf("@");
  if (at <= 0) return hiddenValue;
  const [first = ""] = value;
  return `${first}***${value.slice(at)}`;
}

function keptCount(value: string): number {
  const length = value.match(lettersAndDigits)?.length ?? 0;
  return length >= leastToKeep ? keptAtEnd : 0;
}

/** Separators stay where they are, so that the form is known again. */
function maskAllBut(value: string, kept: number): string {
  let toMask = (value.match(lettersAndDigits)?.length ?? 0) - kept;
  if (toMask <= 0) return hiddenValue;
  return value.replace(lettersAndDigits, (character) => (toMask-- > 0 ? star : character));
}
