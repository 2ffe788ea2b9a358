/** What says where and when a person lives, was born or may travel: e-mail, birth dates, streets, passports, licences. */
import type { Value } from "../labelled-text.ts";
import { upper, type Random } from "../random.ts";

const names = ["ann", "li.wei", "o.brien", "maria-luisa", "j_doe", "tomasz", "amelie.roux", "h.yamada", "raj.patel"];
const hosts = [
  "example.com",
  "mail.example.org",
  "example.co.uk",
  "firma-beispiel.de",
  "exemple.fr",
  "uni.example.edu",
];

export function email(random: Random): Value {
  const tag = random.pick(["", "", "+news", String(random.below(99))]);
  return { entity: "email", kind: "email", written: `${random.pick(names)}${tag}@${random.pick(hosts)}` };
}

const months = ["January", "March", "May", "July", "August", "October", "December"];

export function birthDate(random: Random): Value {
  const year = 1930 + random.below(80);
  const month = 1 + random.below(12);
  const day = 1 + random.below(28);
  const two = (number: number): string => String(number).padStart(2, "0");
  const written = random.pick([
    `${two(day)}/${two(month)}/${year}`,
    `${year}-${two(month)}-${two(day)}`,
    `${two(day)}.${two(month)}.${year}`,
    `${random.pick(months)} ${day}, ${year}`,
    `${day} ${random.pick(months)} ${year}`,
    `${month}/${day}/${String(year).slice(2)}`,
  ]);
  return { entity: "birthDate", kind: "birth date", written };
}

export function streetAddress(random: Random): Value {
  const number = 1 + random.below(400);
  const name = random.pick(["Maple", "Station", "Queen Victoria", "Old Mill", "Birch Hill", "Jefferson", "Kingsway"]);
  const written = random.pick([
    `${number} ${name} Street`,
    `${number} ${name} Road`,
    `${number} ${name} Ave, Apt ${1 + random.below(40)}`,
    `${number} ${name} Lane, Springfield, IL 62704`,
    `${number} rue de la ${random.pick(["Gare", "Paix", "République"])}`,
    `${random.pick(["Hauptstraße", "Lindenweg", "Goethestraße", "Marktplatz"])} ${number}`,
    `${random.pick(["Calle Mayor", "Via Garibaldi", "Rua Augusta"])} ${number}`,
  ]);
  return { entity: "streetAddress", kind: "street address", written };
}

export function passport(random: Random): Value {
  const written = random.pick([
    random.digits(9),
    random.draw(upper, 1) + random.digits(8),
    random.draw(upper, 2) + random.digits(7),
  ]);
  return { entity: "passport", kind: "passport", written };
}

export function drivingLicence(random: Random): Value {
  const written = random.pick([
    random.draw(upper, 1) + random.digits(7),
    random.digits(8),
    `${random.draw(upper, 5)}${random.digits(6)}${random.draw(upper, 2)}${random.digits(1)}${random.draw(upper, 2)}`,
    `${random.draw(upper, 1)}${random.digits(3)}-${random.digits(4)}-${random.digits(4)}`,
  ]);
  return { entity: "drivingLicence", kind: "driving licence", written };
}
