/** Numbers of the United States: social security, taxpayers, and those of health care. */
import type { Value } from "../labelled-text.ts";
import { grouped, upper, type Random } from "../random.ts";
import { luhnDigit } from "./payment.ts";

function between(random: Random, least: number, most: number, width: number): string {
  return String(least + random.below(most - least + 1)).padStart(width, "0");
}

export function ssn(random: Random): Value {
  const area = random.pick([between(random, 1, 665, 3), between(random, 667, 899, 3)]);
  const number = area + between(random, 1, 99, 2) + between(random, 1, 9999, 4);
  const separator = random.pick(["-", "-", "-", " "]);
  return { entity: "ssn", kind: "ssn", written: grouped(number, [3, 2, 4], separator) };
}

export function bareSsn(random: Random): Value {
  const { written } = ssn(random);
  return { entity: "ssn", kind: "ssn in one piece", written: written.replaceAll(/\D/g, "") };
}

export function itin(random: Random): Value {
  const number = `9${random.digits(2)}${random.pick(["50", "65", "70", "88", "90", "92", "94", "99"])}${random.digits(4)}`;
  return { entity: "itin", kind: "itin", written: grouped(number, [3, 2, 4], "-") };
}

export function npi(random: Random): Value {
  const body = random.pick(["1", "2"]) + random.digits(8);
  return { entity: "npi", kind: "npi", written: body + luhnDigit(`80840${body}`) };
}

const mbiLetters = "ACDEFGHJKMNPQRTUVWXY";

export function mbi(random: Random): Value {
  const letter = (): string => random.draw(mbiLetters, 1);
  const either = (): string => random.draw(`${mbiLetters}0123456789`, 1);
  const digit = (): string => random.digits(1);
  const number =
    String(1 + random.below(9)) +
    letter() +
    either() +
    digit() +
    letter() +
    either() +
    digit() +
    letter() +
    letter() +
    random.digits(2);
  const dashed = random.below(2) === 0;
  return { entity: "mbi", kind: "mbi", written: dashed ? grouped(number, [4, 3, 4], "-") : number };
}

export function dea(random: Random): Value {
  const body = random.digits(6);
  const at = (place: number): number => Number(body[place]);
  const sum = at(0) + at(2) + at(4) + 2 * (at(1) + at(3) + at(5));
  const letters = random.draw("ABFGMPRX", 1) + random.draw(upper, 1);
  return { entity: "dea", kind: "dea", written: letters + body + String(sum % 10) };
}

export function mrn(random: Random): Value {
  const written = random.pick([
    random.digits(7),
    random.digits(8),
    `${random.draw(upper, 1)}${random.digits(7)}`,
    random.digits(6),
  ]);
  return { entity: "mrn", kind: "mrn", written };
}
