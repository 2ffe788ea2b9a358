/**
 * Identity and tax numbers of fourteen countries. Check digits are computed
 * here by each country's formula, apart from the guard's own code.
 */
import type { PiiEntity } from "../../../services/guards/pii/entity.ts";
import type { Value } from "../labelled-text.ts";
import { grouped, upper, type Random } from "../random.ts";
import { luhnDigit } from "./payment.ts";

type Maker = (random: Random) => string | null;

interface Row {
  readonly entity: PiiEntity;
  readonly name: string;
  /** How a sentence names it. */
  readonly words: readonly string[];
  readonly make: Maker;
}

function sumOf(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
}

function birthDigits(random: Random): string {
  const two = (least: number, most: number): string => String(least + random.below(most - least + 1)).padStart(2, "0");
  return two(40, 99) + two(1, 12) + two(1, 28);
}

function germanTaxId(random: Random): string | null {
  const order = Array.from("0123456789");
  for (let at = 9; at > 0; at--) {
    const other = random.below(at + 1);
    [order[at], order[other]] = [order[other] ?? "", order[at] ?? ""];
  }
  const body = `${order.slice(0, 9).join("")}${order[random.below(9)] ?? ""}`;
  if (body.startsWith("0")) return null;
  let product = 10;
  for (const digit of body) {
    const sum = (Number(digit) + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return grouped(body + String((11 - product) % 10), random.pick([[11], [2, 3, 3, 3]]), " ");
}

function nir(random: Random): string {
  const body = `${random.pick(["1", "2"])}${birthDigits(random).slice(0, 4)}${random.pick(["75", "13", "69"])}${random.digits(6)}`;
  const key = String(97n - (BigInt(body) % 97n)).padStart(2, "0");
  return grouped(body + key, random.pick([[15], [1, 2, 2, 2, 3, 3, 2]]), " ");
}

function dni(random: Random): string {
  const number = random.digits(8);
  return number + "TRWAGMYFPDXBNJZSQVHLCKE".charAt(Number(number) % 23);
}

function nie(random: Random): string {
  const lead = random.below(3);
  const number = random.digits(7);
  return "XYZ".charAt(lead) + number + "TRWAGMYFPDXBNJZSQVHLCKE".charAt(Number(String(lead) + number) % 23);
}

const oddValues = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

function codiceFiscale(random: Random): string {
  const body = `${random.draw("BCDFGLMNPRSTV", 6)}${random.digits(2)}${random.pick(Array.from("ABCDEHLMPRST"))}${random.pick(["04", "15", "27", "49", "62"])}${random.pick(["F205", "H501", "L219"])}`;
  let sum = 0;
  Array.from(body).forEach((letter, at) => {
    const value = /\d/.test(letter) ? Number(letter) : letter.charCodeAt(0) - 65;
    sum += at % 2 === 0 ? (oddValues[value] ?? 0) : value;
  });
  return body + upper.charAt(sum % 26);
}

function bsn(random: Random): string | null {
  const body = `${1 + random.below(9)}${random.digits(7)}`;
  const check = sumOf(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return check > 9 ? null : body + String(check);
}

function belgian(random: Random): string {
  const body = birthDigits(random) + String(1 + random.below(900)).padStart(3, "0");
  const number = body + String(97n - (BigInt(body) % 97n)).padStart(2, "0");
  return random.below(2) === 0 ? number : number.replace(/(..)(..)(..)(...)(..)/, "$1.$2.$3-$4.$5");
}

function pesel(random: Random): string {
  const body = birthDigits(random) + random.digits(4);
  return body + String((10 - (sumOf(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10);
}

function nip(random: Random): string | null {
  const body = `${1 + random.below(9)}${random.digits(8)}`;
  const check = sumOf(body, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11;
  return check > 9 ? null : grouped(body + String(check), random.pick([[10], [3, 3, 2, 2]]), "-");
}

function nino(random: Random): string {
  const number =
    random.draw("ABCEGHJLMNPRSTWXYZ", 1) + random.draw("ACEHJLMPRSWXYZ", 1) + random.digits(6) + random.draw("ABCD", 1);
  const valid = /^(?:BG|GB|KN|NK|NT|TN|ZZ)/.test(number) ? `AB${number.slice(2)}` : number;
  return grouped(valid, random.pick([[9], [2, 2, 2, 2, 1]]), " ");
}

function utr(random: Random): string {
  const body = random.digits(9);
  return "21987654321".charAt(sumOf(body, [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11) + body;
}

function brazilian(body: string, weights: readonly number[]): string {
  const check = (digits: string): string => {
    const rest = sumOf(digits, weights.slice(weights.length - digits.length)) % 11;
    return rest < 2 ? "0" : String(11 - rest);
  };
  const first = body + check(body);
  return first + check(first);
}

function cpf(random: Random): string {
  const number = brazilian(random.digits(9), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
  return random.below(3) === 0 ? number : number.replace(/(...)(...)(...)(..)/, "$1.$2.$3-$4");
}

function cnpj(random: Random): string {
  const number = brazilian(`${random.digits(8)}0001`, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
  return random.below(3) === 0 ? number : number.replace(/(..)(...)(...)(....)(..)/, "$1.$2.$3/$4-$5");
}

function sin(random: Random): string {
  const body = String(1 + random.below(7)) + random.digits(7);
  return grouped(body + luhnDigit(body), random.pick([[9], [3, 3, 3]]), random.pick([" ", "-"]));
}

function tfn(random: Random): string | null {
  const body = random.digits(8);
  for (let check = 0; check < 10; check++)
    if (sumOf(body + String(check), [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0)
      return grouped(body + String(check), [3, 3, 3], " ");
  return null;
}

/** The two leading digits make the weighted sum, the first less one, a multiple of 89. */
function abn(random: Random): string | null {
  const body = random.digits(9);
  const rest = sumOf(body, [3, 5, 7, 9, 11, 13, 15, 17, 19]);
  for (let lead = 10; lead < 100; lead++)
    if ((sumOf(String(lead), [10, 1]) - 10 + rest) % 89 === 0) return grouped(String(lead) + body, [2, 3, 3, 3], " ");
  return null;
}

function pan(random: Random): string {
  return `${random.draw(upper, 3)}${random.pick(Array.from("PPPCHF"))}${random.draw(upper, 1)}${random.digits(4)}${random.draw(upper, 1)}`;
}

function personnummer(random: Random): string {
  const body = birthDigits(random) + random.digits(3);
  const number = body + luhnDigit(body);
  return `${random.pick(["", "19"])}${number.slice(0, 6)}-${number.slice(6)}`;
}

const rows: readonly Row[] = [
  {
    entity: "taxId",
    name: "DE tax id",
    words: ["Steuer-ID", "Steuerliche Identifikationsnummer", "German tax ID"],
    make: germanTaxId,
  },
  { entity: "nationalId", name: "FR NIR", words: ["numéro de sécurité sociale", "NIR"], make: nir },
  { entity: "nationalId", name: "ES DNI", words: ["DNI", "NIF"], make: dni },
  { entity: "nationalId", name: "ES NIE", words: ["NIE", "documento"], make: nie },
  { entity: "nationalId", name: "IT codice fiscale", words: ["codice fiscale", "CF"], make: codiceFiscale },
  { entity: "nationalId", name: "NL BSN", words: ["BSN", "burgerservicenummer"], make: bsn },
  {
    entity: "nationalId",
    name: "BE national number",
    words: ["rijksregisternummer", "numéro national"],
    make: belgian,
  },
  { entity: "nationalId", name: "PL PESEL", words: ["PESEL"], make: pesel },
  { entity: "taxId", name: "PL NIP", words: ["NIP"], make: nip },
  { entity: "nationalId", name: "UK NINO", words: ["National Insurance number", "NI number", "NINO"], make: nino },
  { entity: "taxId", name: "UK UTR", words: ["UTR", "Unique Taxpayer Reference"], make: utr },
  { entity: "nationalId", name: "BR CPF", words: ["CPF"], make: cpf },
  { entity: "taxId", name: "BR CNPJ", words: ["CNPJ"], make: cnpj },
  { entity: "nationalId", name: "CA SIN", words: ["SIN", "Social Insurance Number"], make: sin },
  { entity: "taxId", name: "AU TFN", words: ["TFN", "tax file number"], make: tfn },
  { entity: "taxId", name: "AU ABN", words: ["ABN"], make: abn },
  { entity: "taxId", name: "IN PAN", words: ["PAN", "permanent account number"], make: pan },
  { entity: "nationalId", name: "SE personnummer", words: ["personnummer"], make: personnummer },
];

export interface NamedValue extends Value {
  readonly words: readonly string[];
}

export function nationalNumber(random: Random): NamedValue {
  const { entity, name, words, make } = random.pick(rows);
  for (;;) {
    const written = make(random);
    if (written !== null) return { entity, kind: name, written, words };
  }
}
