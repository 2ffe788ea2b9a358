/**
 * What looks like personal data and is none: versions, hashes, identifiers,
 * times, codes of goods and books, numbers of orders, cards that fail their check.
 */
import { grouped, lower, lowerHex, upper, type Random } from "../random.ts";
import { luhnDigit } from "./payment.ts";

function uuid(random: Random): string {
  return grouped(random.draw(lowerHex, 32), [8, 4, 4, 4, 12], "-");
}

function wrongCard(random: Random): string {
  const body = `4${random.digits(14)}`;
  const wrong = (Number(luhnDigit(body)) + 1 + random.below(8)) % 10;
  return grouped(body + String(wrong), [4, 4, 4, 4], random.pick(["", " ", "-"]));
}

function isbn13(random: Random): string {
  const body = `978${random.digits(9)}`;
  const sum = Array.from(body).reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return grouped(body + String((10 - (sum % 10)) % 10), [3, 1, 2, 6, 1], "-");
}

function time(random: Random): string {
  const two = (limit: number, from: number = 0): string => String(from + random.below(limit)).padStart(2, "0");
  return `20${two(30)}-${two(12, 1)}-${two(28, 1)}T${two(24)}:${two(60)}:${two(60)}Z`;
}

const small = (random: Random): string => String(random.below(20));

export const hardNegatives: Readonly<Record<string, (random: Random) => string>> = {
  "version in four parts": (random) =>
    `Version ${small(random)}.${small(random)}.${small(random)}.${small(random)} fixes the crash`,
  "version in a sentence": (random) =>
    `upgrade to v${small(random)}.${small(random)}.${small(random)} before the ${random.digits(1)}th`,
  firmware: (random) =>
    `The router runs firmware ${small(random)}.${small(random)}.${small(random)}.${random.digits(3)}.`,
  UUID: (random) => `request ${uuid(random)} failed`,
  "UUID as an id": (random) => `id: ${uuid(random)}`,
  "git commit": (random) => `reverted in commit ${random.draw(lowerHex, 40)}`,
  "short commit": (random) => `see ${random.draw(lowerHex, 7)} and ${random.draw(lowerHex, 7)}`,
  MD5: (random) => `md5 checksum ${random.draw(lowerHex, 32)}`,
  "SHA-256": (random) => `sha256:${random.draw(lowerHex, 64)}`,
  "ISBN-13": (random) => `ISBN ${isbn13(random)}, second edition`,
  "ISBN-10": (random) => `ISBN ${random.digits(1)}-${random.digits(3)}-${random.digits(5)}-${random.digits(1)}`,
  "unix time": (random) => `the event at ${1_600_000_000 + random.below(150_000_000)} was late`,
  "unix time in ms": (random) => `timestamp ${1_600_000_000_000 + random.below(99_999_999_999)}`,
  "ISO time": (random) => `created ${time(random)}, closed ${time(random)}`,
  "order number": (random) => `Order ${random.digits(3)}-${random.digits(7)}-${random.digits(7)} has shipped`,
  "order in one piece": (random) => `my order number is ${random.digits(10)}`,
  "order with a hash": (random) => `order #${random.digits(8)} is missing an item`,
  invoice: (random) => `Invoice INV-20${random.digits(2)}-${random.digits(5)} is overdue`,
  ticket: (random) => `ticket ${random.draw(upper, 3)}-${random.digits(5)} was closed`,
  parcel: (random) => `tracking 1Z${random.draw(`${upper}0123456789`, 6)}${random.digits(10)}`,
  decimal: (random) => `the constant is ${random.digits(1)}.${random.digits(15)}`,
  money: (random) =>
    `revenue rose to $${1 + random.below(999)},${random.digits(3)},${random.digits(3)}.${random.digits(2)}`,
  population: (random) => `a population of ${1 + random.below(99)},${random.digits(3)},${random.digits(3)}`,
  "package with version": (random) =>
    `npm install ${random.draw(lower, 6)}@${small(random)}.${small(random)}.${small(random)}`,
  "scoped package": (random) =>
    `add @acme/${random.draw(lower, 5)}@${small(random)}.${small(random)}.${small(random)} to the lock file`,
  handle: (random) => `ask @${random.draw(lower, 7)}${random.digits(2)} about it`,
  "card that fails its check": (random) => `the sample ${wrongCard(random)} is not a real one`,
  "SSN of no area": (random) =>
    `${random.pick(["000", "666"])}-${random.digits(2)}-${random.digits(4)} can never be issued`,
  "SSN of no group": (random) => `${1 + random.below(8)}12-00-${random.digits(4)} is invalid`,
  barcode: (random) => `EAN ${random.digits(13)}`,
  section: (random) => `see section ${small(random)}.${small(random)}.${small(random)}.${small(random)} of the manual`,
  "no octet": (random) => `the value ${300 + random.below(600)}.${random.below(256)}.${random.below(256)}.1`,
  ISSN: (random) => `ISSN ${random.digits(4)}-${random.digits(4)}`,
  DOI: (random) => `doi:10.${random.digits(4)}/${random.draw(lower, 4)}.${random.digits(6)}`,
  chemical: (random) => `CAS ${random.digits(4)}-${random.digits(2)}-${random.digits(1)}`,
  "part number": (random) =>
    `part ${random.draw(upper, 2)}-${random.digits(4)}-${random.draw(upper, 1)} is out of stock`,
  years: (random) => `between 19${random.digits(2)} and 20${random.digits(2)}, and 1998-2004`,
  score: (random) =>
    `won ${random.below(7)}-${random.below(7)}, ${random.below(7)}-${random.below(7)}, ${random.below(7)}-${random.below(7)}`,
  "clock times": (random) => `from 0${random.below(9)}:30:15 to 1${random.below(9)}:45:00`,
  colour: (random) => `background: #${random.draw(lowerHex, 6)}; border: #${random.draw(lowerHex, 3)}`,
  "connection string": (random) => `postgres://user:pass@db${random.digits(1)}:5432/app`,
  "pair of decimals": (random) =>
    `mean ${random.digits(1)}.${random.digits(2)}, deviation ${random.digits(1)}.${random.digits(2)}`,
  matrix: (random) => `[${Array.from({ length: 6 }, () => random.digits(2)).join(", ")}]`,
  arXiv: (random) => `arXiv:2${random.digits(3)}.${random.digits(5)}`,
  batch: (random) => `batch ${random.digits(9)} of lot ${random.digits(6)}`,
  "serial number": (random) => `serial ${random.draw(upper, 3)}${random.digits(9)}`,
  "memory address": (random) => `segfault at 0x${random.draw(lowerHex, 16)}`,
  "class of a key": (random) => `primary_key: ${random.draw(lower, 6)}_${random.draw(lower, 8)}_id`,
  date: (random) => `the meeting on 0${1 + random.below(9)}/1${random.below(9)}/20${random.digits(2)}`,
  "phone-like article": (random) => `article number ${random.digits(3)}.${random.digits(3)}.${random.digits(2)}`,
};
