/**
 * Escapes of the web and of programming languages: percent-encoding, HTML
 * entities, `\u0041`, `\x41`, `U+0041`. Each run of one kind is one part.
 */
import { bytesIn, characterOf, charactersIn } from "./digits.ts";
import { ifReadable, readableText, type EncodedPart } from "./encoded-part.ts";
import { findRuns } from "./runs.ts";

interface Escape {
  readonly how: string;
  readonly first: RegExp;
  readonly more: RegExp;
  /** Null when it says nothing. */
  readonly read: (run: string) => string | null;
}

const bytes = (run: string): string | null => readableText(bytesIn(run, 2, 16));
const characters = (run: string): string | null => ifReadable(charactersIn(run));

function escape(how: string, pattern: string, read: Escape["read"], before = ""): Escape {
  const step = `(?:${pattern}){1,256}`;
  return { how, first: new RegExp(before + step, "g"), more: new RegExp(step, "y"), read };
}

const escapes: readonly Escape[] = [
  escape("percent", "%[0-9A-Fa-f]{2}", bytes),
  escape("escapes", String.raw`\\x[0-9A-Fa-f]{2}`, bytes),
  escape("escapes", String.raw`\\u(?:[0-9A-Fa-f]{4}|\{[0-9A-Fa-f]{1,6}\})`, characters),
  escape("escapes", String.raw`[Uu]\+[0-9A-Fa-f]{4,6}(?:[ ,]{1,2}(?=[Uu]\+))?`, characters, String.raw`\b`),
  escape("entities", "&(?:#(?:[xX][0-9A-Fa-f]{1,6}|[0-9]{1,7})|[A-Za-z]{2,8});|&#[xX]?[0-9A-Fa-f]{2,6}", entitiesIn),
];

export function findEscapes(text: string): EncodedPart[] {
  return escapes.flatMap(({ how, first, more, read }) =>
    findRuns(text, first, more).flatMap(({ start, end, text: run }) => {
      const said = read(run);
      return said === null ? [] : [{ start, end, text: said, how }];
    }),
  );
}

/** The names of ASCII's signs. */
const signs =
  "amp& lt< gt> quot\" apos' excl! num# dollar$ percnt% lpar( rpar) ast* plus+ comma, period. sol/ colon: semi; equals= quest? commat@ lsqb[ lbrack[ rsqb] rbrack] lcub{ rcub} verbar| lowbar_ hyphen- dash- bsol\\ grave`";
const named: ReadonlyMap<string, string> = new Map([
  ...signs.split(" ").map((entry) => [entry.slice(0, -1), entry.slice(-1)] as const),
  ...["nbsp", "Tab", "NewLine", "ensp", "emsp", "thinsp"].map((name) => [name, " "] as const),
  ...["shy", "zwj", "zwnj", "lrm", "rlm"].map((name) => [name, ""] as const),
]);

function entitiesIn(run: string): string | null {
  const pieces = Array.from(run.matchAll(/&(?:#[xX]([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|([A-Za-z]{2,8}));?/g), (match) => {
    const [written, hex, decimal, name] = match;
    if (hex !== undefined) return characterOf(parseInt(hex, 16));
    if (decimal !== undefined) return characterOf(Number(decimal));
    return named.get(name ?? "") ?? written;
  });
  const said = pieces.join("");
  return said === run ? null : said === "" ? said : ifReadable(said);
}
