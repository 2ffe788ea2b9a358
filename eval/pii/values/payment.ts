/** Cards of every network's ranges, bank accounts of sixteen countries, and crypto-currency addresses, in the usual spellings. */
import { createHash } from "node:crypto";
import type { Value } from "../labelled-text.ts";
import { grouped, lowerHex, upper, type Random } from "../random.ts";

const ranges: readonly (readonly [network: string, prefixes: readonly string[], length: number])[] = [
  ["visa", ["4"], 16],
  ["visa-13", ["4"], 13],
  ["visa-19", ["4"], 19],
  ["mastercard", ["51", "52", "53", "54", "55"], 16],
  ["mastercard-2", ["2221", "2300", "2450", "2599", "2720"], 16],
  ["amex", ["34", "37"], 15],
  ["diners", ["300", "305", "36", "38"], 14],
  ["discover", ["6011", "644", "65"], 16],
  ["jcb", ["3528", "3540", "3589"], 16],
  ["unionpay", ["62"], 16],
  ["unionpay-19", ["62"], 19],
  ["maestro", ["5018", "6304", "6759"], 16],
  ["mir", ["2200", "2204"], 16],
];

/** The digit that makes the Luhn sum a multiple of ten. */
export function luhnDigit(body: string): string {
  let sum = 0;
  for (let at = 0; at < body.length; at++) {
    const digit = Number(body[body.length - 1 - at]);
    const doubled = at % 2 === 0 ? digit * 2 : digit;
    sum += Math.floor(doubled / 10) + (doubled % 10);
  }
  return String((10 - (sum % 10)) % 10);
}

export function card(random: Random): Value {
  const [network, prefixes, length] = random.pick(ranges);
  const prefix = random.pick(prefixes);
  const body = prefix + random.digits(length - 1 - prefix.length);
  const number = body + luhnDigit(body);
  const separator = random.pick(["", "", " ", " ", "-"]);
  const sizes = length === 15 ? [4, 6, 5] : length === 14 ? [4, 6, 4] : length === 16 ? [4, 4, 4, 4] : [length];
  return { entity: "card", kind: `card ${network}`, written: grouped(number, sizes, separator) };
}

/** Bank code patterns: n digits, a capital letters. */
const accounts: readonly (readonly [country: string, pattern: string])[] = [
  ["GB", "aaaannnnnnnnnnnnnn"],
  ["DE", "nnnnnnnnnnnnnnnnnn"],
  ["FR", "nnnnnnnnnnnnnnnnnnnnnnn"],
  ["ES", "nnnnnnnnnnnnnnnnnnnn"],
  ["IT", "annnnnnnnnnnnnnnnnnnnnn"],
  ["NL", "aaaannnnnnnnnn"],
  ["BE", "nnnnnnnnnnnn"],
  ["AT", "nnnnnnnnnnnnnnnn"],
  ["CH", "nnnnnnnnnnnnnnnnn"],
  ["PL", "nnnnnnnnnnnnnnnnnnnnnnnn"],
  ["SE", "nnnnnnnnnnnnnnnnnnnn"],
  ["NO", "nnnnnnnnnnn"],
  ["IE", "aaaannnnnnnnnnnnnn"],
  ["PT", "nnnnnnnnnnnnnnnnnnnnn"],
  ["MT", "aaaannnnnaaaaaaaaaaaaaaaaaa"],
  ["SA", "nnnnnnnnnnnnnnnnnnnn"],
];

export function iban(random: Random): Value {
  const [country, pattern] = random.pick(accounts);
  const body = Array.from(pattern, (kind) => (kind === "n" ? random.digits(1) : random.draw(upper, 1))).join("");
  const number = BigInt(Array.from(`${body}${country}00`, (letter) => Number.parseInt(letter, 36).toString()).join(""));
  const written = country + String(98n - (number % 97n)).padStart(2, "0") + body;
  const spaced = random.below(2) === 0;
  return {
    entity: "iban",
    kind: `iban ${country}${spaced ? " in fours" : ""}`,
    written: spaced ? (written.match(/.{1,4}/g)?.join(" ") ?? written) : written,
  };
}

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

export function cryptoAddress(random: Random): Value {
  const hash = random.draw(lowerHex, 40);
  if (random.below(2) === 0) return { entity: "cryptoAddress", kind: "ethereum", written: `0x${hash}` };
  const payload = Buffer.from(`00${hash}`, "hex");
  const whole = Buffer.concat([payload, sha256(sha256(payload)).subarray(0, 4)]);
  let number = BigInt(`0x${whole.toString("hex")}`);
  let written = "";
  for (; number > 0n; number /= 58n) written = base58.charAt(Number(number % 58n)) + written;
  const zeros = whole.findIndex((byte) => byte !== 0);
  return { entity: "cryptoAddress", kind: "bitcoin", written: "1".repeat(zeros) + written };
}
