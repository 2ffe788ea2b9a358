/**
 * Whether what stands where a secret would stand is random enough to be one,
 * and no placeholder, identifier, path, date, version or checksum.
 */
import { identifierWords } from "./secret-rules.ts";

/** Shannon's entropy, in bits a character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / text.length) * Math.log2(count / text.length);
  return entropy;
}

const placeholder =
  /^(?:true|false|null|none|undefined)$|^\$|^\{\{|^%\w+%$|^<|x{6}|\*{3}|\.{3}|example|changeme|placeholder|redacted|dummy|sample|your[_-]?|insert[_-]?|^\[|^(.)\1*$|12345678|abcdefgh/i;

export function isPlaceholder(secret: string): boolean {
  return placeholder.test(secret);
}

/** Stars, dots or x in place of characters, and the example keys of documentation. */
export function isMasked(secret: string): boolean {
  return /x{6}|\*{3}|\.{3}|EXAMPLE$/i.test(secret);
}

const uuid = /^\{?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\}?$/i;
const dateOrVersion = /^v?\d{1,4}(?:[-./_:T]\d{1,4}){2,8}Z?$|^\d+(?:\.\d+)?$/i;
const pathOrAddress = /^\.{0,2}\/|^[a-z]+:\/\/|@.+\.|\.(?:json|ts|js|py|md|html?|ya?ml|txt|pem|com|org|io|net)$/i;
const spelled = /^(?:[A-Za-z]+[_.-]?\d{0,3}[_.-]?)+$/;
const mostSpelled = 64;

/** For rules that know no more than the name: the value alone must look like a key. */
export function isKeyLike(secret: string): boolean {
  if (!/\d/.test(secret) || !/[a-z]/i.test(secret)) return false;
  if (uuid.test(secret) || dateOrVersion.test(secret) || pathOrAddress.test(secret)) return false;
  const digits = secret.replaceAll(/\D/g, "").length;
  if (digits < 4 && secret.length <= mostSpelled && spelled.test(secret) && /[_.-]/.test(secret)) return false;
  let spelledOut = false;
  identifierWords.scan(secret.toLowerCase(), () => {
    spelledOut = true;
  });
  return !spelledOut;
}
