/**
 * The kinds of breakage, each a script that writes a value as models get it
 * wrong. Mendable ones still hold the whole value, so that there is one right
 * reading; of the others something is lost or has two readings, and no guard
 * may say that it mended them.
 */
import type { Random } from "../../pii/random.ts";
import type { Json } from "./documents.ts";
import { strictStyle, write, type Style } from "./write.ts";

export type Breakage = (value: Json, random: Random) => string;

const fence = "```";

const strict: Breakage = (value, random) => write(value, { ...strictStyle, indent: random.pick([0, 2, 4]) });

const styled =
  (style: (random: Random) => Partial<Style>): Breakage =>
  (value, random) =>
    write(value, { ...strictStyle, indent: random.pick([0, 2, 4]), ...style(random) });

const escapedFor = (quote: string, text: string): string =>
  JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll(quote, `\\${quote}`);

const singleQuoted = (text: string): string => `'${escapedFor("'", text)}'`;

const inPython = (value: boolean | null): string => (value === null ? "None" : value ? "True" : "False");

const bareKey = (name: string): string => (/^[a-z_]+$/i.test(name) ? name : JSON.stringify(name));

/** Says yes about once in `often`. */
const sometimes = (random: Random, often: number): boolean => random.below(often) === 0;

const inProse = (text: string, random: Random): string =>
  `${random.pick(before)}${text}${random.pick(["", "\n\nLet me know if you need anything else!", " \n\nI hope it's right: check it (esp. the dates)."])}`;

const before = [
  "Here is the JSON you asked for:\n\n",
  "Sure! ",
  "I've read the document [as asked]. It's all here:\n",
  "**Result** (see below)\n\n",
];

const fenced = (text: string, random: Random): string =>
  `${fence}${random.pick(["json", "", "JSON", "jsonc", "javascript"])}\n${text}\n${fence}`;

export const mendable: Readonly<Record<string, Breakage>> = {
  prose: (value, random) => inProse(strict(value, random), random),
  "code-fence": (value, random) => fenced(strict(value, random), random),
  "fence-in-prose": (value, random) => inProse(fenced(strict(value, random), random), random),
  comments: (value, random) =>
    write(value, {
      ...strictStyle,
      above: () => random.pick(["", "", "// it's the next\n", '/* a } or , or " */ ']),
      comma: () => random.pick([",", ", // as in the document\n", " /* unsure */,"]),
    }),
  "trailing-commas": styled(() => ({ last: () => "," })),
  "single-quotes": styled(() => ({ text: singleQuoted, key: singleQuoted })),
  "curly-quotes": styled(() => ({ text: (text) => `“${escapedFor("”", text)}”`, key: (name) => `“${name}”` })),
  "python-words": styled(() => ({ text: singleQuoted, key: singleQuoted, constant: inPython })),
  "bare-keys": styled(() => ({ key: bareKey })),
  "missing-commas": styled((random) => ({ indent: 2, comma: () => (sometimes(random, 3) ? "" : ",") })),
  "raw-line-breaks": styled(() => ({
    text: (text) => JSON.stringify(text).replaceAll(/(?<!\\)\\[nt]/g, (escape) => (escape === "\\n" ? "\n" : "\t")),
  })),
  "inner-quotes": styled(() => ({
    text: (text) => JSON.stringify(text).replaceAll(/(?<=[a-z] )\\"|\\"(?=[ ,][ a-z])/g, '"'),
  })),
  "half-quoted-keys": styled((random) => ({
    indent: 2,
    key: (name) => (sometimes(random, 4) ? random.pick([`"${name}`, `${name}"`]) : `"${name}"`),
  })),
  "odd-blanks": (value) => `\uFEFF${write(value, { ...strictStyle, colon: () => "\u00A0:\u2003" })}\u200B\n`,
  assignment: (value, random) => `${random.pick(["const result = ", "json\n", "Output: "])}${strict(value, random)};`,
  "written-twice": (value, random) => {
    const text = strict(value, random);
    return `${fenced(text, random)}\n\nThe same again:\n\n${fenced(text, random)}`;
  },
  "as-a-string": (value, random) => JSON.stringify(strict(value, random)),
  "all-of-it": (value, random) =>
    inProse(
      fenced(
        write(value, {
          ...strictStyle,
          text: singleQuoted,
          key: bareKey,
          constant: inPython,
          last: () => ",",
          above: () => random.pick(["", "", "// see above\n"]),
        }),
        random,
      ),
      random,
    ),
};

const cut: Breakage = (value, random) => {
  const text = strict(value, random);
  return text.slice(0, 1 + random.below(text.length - 1));
};

/** Behind the first value of the document that is one. */
const replaced = (value: Json, random: Random, change: (scalar: string) => string): string => {
  const text = strict(value, random);
  return text.replace(
    /: ("(?:[^"\\]|\\.)*"|-?[\d.e+-]+|true|false|null)/,
    (_, scalar: string) => `: ${change(scalar)}`,
  );
};

export const unmendable: Readonly<Record<string, Breakage>> = {
  "cut-off": cut,
  "cut-off-in-fence": (value, random) => `${fence}json\n${cut(value, random)}\n${fence}`,
  "cut-off-then-prose": (value, random) => `${cut(value, random)}\n\nI had to stop here.`,
  "cut-off-single-quotes": (value, random) => {
    const text = write(value, { ...strictStyle, text: singleQuoted, key: singleQuoted });
    return text.slice(0, 1 + random.below(text.length - 1));
  },
  "beginning-lost": (value, random) => {
    const text = strict(value, random);
    return text.slice(1 + random.below(text.length - 1));
  },
  "no-number": (value, random) => {
    const word = random.pick(["NaN", "Infinity", "-Infinity", "undefined", "nan"]);
    return replaced(value, random, () => word);
  },
  "same-key-twice": (value, random) => replaced(value, random, (scalar) => `${scalar}, "twice": 1, "twice": 2`),
  "two-values": (value, random) => `${strict(value, random)}\n${strict({ another: [value] }, random)}`,
  ellipsis: (value) => {
    const text = write(value, strictStyle);
    return text.replace(/\n\s*[\]}]$/, (end) => `,\n  ...${end}`);
  },
  "bracket-lost": (value, random) => {
    const text = strict(value, random);
    const outside = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (string) => "s".repeat(string.length));
    const places = [...outside.matchAll(/[\]}]/g)].map(({ index }) => index).slice(0, -1);
    const place = places.length === 0 ? text.length - 1 : random.pick(places);
    return text.slice(0, place) + text.slice(place + 1);
  },
};
