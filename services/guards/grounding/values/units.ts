/**
 * Units of measure with what they measure and how they convert, and the words
 * and signs for them in several languages. Currencies and percent convert to
 * nothing; a length in miles is one in kilometres.
 */
import { fold } from "../../text/fold.ts";

export interface Unit {
  readonly name: string;
  /** Units of one dimension can be compared; `money` is one whose units never convert. */
  readonly dimension: string;
  /** Times this is the dimension's base unit. Null: does not convert. */
  readonly factor: number | null;
  /** Added before the factor: degrees of Fahrenheit. */
  readonly shift: number;
}

type Row = readonly [name: string, dimension: string, factor: number | null, words: string, shift?: number];

const rows: readonly Row[] = [
  ["percent", "share", null, "% percent percentage prozent pct procent porcentaje prozentpunkte"],
  ["usd", "money", null, "$ usd dollar dollars us$"],
  ["eur", "money", null, "€ eur euro euros"],
  ["gbp", "money", null, "£ gbp"],
  ["jpy", "money", null, "¥ jpy yen"],
  ["inr", "money", null, "₹ inr rupee rupees rs"],
  ["chf", "money", null, "chf franken"],
  [
    "km",
    "length",
    1000,
    "km kms kilometer kilometers kilometre kilometres kilometern kilometro kilometros chilometri quilometros",
  ],
  ["m", "length", 1, "m meter meters metre metres metern metro metros metri"],
  ["cm", "length", 0.01, "cm centimeter centimeters centimetre centimetres zentimeter"],
  ["mm", "length", 0.001, "mm millimeter millimeters millimetre millimetres"],
  ["mile", "length", 1609.344, "mi mile miles meile meilen milla millas"],
  ["yard", "length", 0.9144, "yd yard yards"],
  ["foot", "length", 0.3048, "ft foot feet"],
  ["inch", "length", 0.0254, "inch inches"],
  ["kg", "mass", 1, "kg kgs kilo kilos kilogram kilograms kilogramm"],
  ["g", "mass", 0.001, "gram grams gramm"],
  ["mg", "mass", 0.000001, "mg milligram milligrams milligramm"],
  ["tonne", "mass", 1000, "t ton tons tonne tonnes tonnen toneladas"],
  ["lb", "mass", 0.453592, "lb lbs"],
  ["ounce", "mass", 0.0283495, "oz ounce ounces"],
  ["celsius", "temperature", 1, "°c celsius"],
  ["fahrenheit", "temperature", 5 / 9, "°f fahrenheit", -32],
  ["l", "volume", 1, "l liter liters litre litres litern litros litri"],
  ["ml", "volume", 0.001, "ml milliliter milliliters millilitre millilitres"],
  ["gallon", "volume", 3.78541, "gal gallon gallons"],
  ["second", "time", 1, "seconds sec secs sekunde sekunden secondes segundos secondi"],
  ["minute", "time", 60, "min mins minute minutes minuten minutos minuti"],
  ["hour", "time", 3600, "h hr hrs hour hours stunde stunden heure heures hora horas ora ore uur"],
  ["day", "time", 86_400, "day days tag tage tagen jour jours dia dias giorno giorni dagen"],
  ["week", "time", 604_800, "week weeks woche wochen semaine semaines semana semanas settimane"],
  ["month", "time", 2_629_800, "month months monat monate monaten mois mes meses mese mesi maanden"],
  ["year", "time", 31_557_600, "year years jahr jahre jahren an ans annee annees ano anos anno anni jaar"],
  ["decade", "time", 315_576_000, "decade decades jahrzehnt jahrzehnte"],
  ["km/h", "speed", 1, "kmh kph km/h"],
  ["mph", "speed", 1.609344, "mph"],
  ["hectare", "area", 10_000, "ha hectare hectares hektar"],
  ["acre", "area", 4046.86, "acre acres"],
  ["m2", "area", 1, "m2 sqm"],
  ["km2", "area", 1_000_000, "km2"],
  ["gb", "data", 1000, "gb gigabyte gigabytes"],
  ["mb", "data", 1, "mb megabyte megabytes"],
  ["tb", "data", 1_000_000, "tb terabyte terabytes"],
];

const byWord: ReadonlyMap<string, Unit> = new Map(
  rows.flatMap(([name, dimension, factor, words, shift = 0]) =>
    words.split(" ").map((word) => [fold(word).folded, { name, dimension, factor, shift }] as const),
  ),
);

/** Sterling and weight share a word. */
const pounds: Unit = { name: "pound", dimension: "mass", factor: 0.453592, shift: 0 };
const poundWords = new Set(["pound", "pounds", "pfund"]);

export function unitOf(word: string): Unit | undefined {
  return poundWords.has(word) ? pounds : byWord.get(word);
}

/** In the dimension's base unit; null when the unit does not convert. */
export function inBase(value: number, { factor, shift }: Unit): number | null {
  return factor === null ? null : (value + shift) * factor;
}

/** Whether two units could say the same of one number: unknown ones and pounds are given the benefit of the doubt. */
export function areAtOdds(left: Unit | null, right: Unit | null): boolean {
  if (left === null || right === null || left.name === right.name) return false;
  return !(mayBePounds(left) && mayBePounds(right));
}

function mayBePounds({ name }: Unit): boolean {
  return name === "pound" || name === "gbp" || name === "lb";
}
