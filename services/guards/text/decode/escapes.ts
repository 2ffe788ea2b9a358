/**
 * Escapes of the web and of programming languages: percent-encoding, HTML
 * entities, `\u0041`, `\x41`, `U+0041`. Each run of one kind is one part.
 */
import { bytesIn, characterOf, charactersIn } from "./digits.ts";
import { ifReadable, readableText, type EncodedPart } from "./encoded-part.ts";

export function findEscapes(text: string): EncodedPart[] {
  return [
    ...runsOf(text, /(?:%[0-9A-Fa-f]{2})+/g, "percent", (run) => readableText(bytesIn(run, 2, 16))),
    ...runsOf(text, /(?:\\x[0-9A-Fa-f]{2})+/g, "escapes", (run) => readableText(bytesIn(run, 2, 16))),
    ...runsOf(text, /(?:\\u(?:[0-9A-Fa-f]{4}|\{[0-9A-Fa-f]{1,6}\}))+/g, "escapes", (run) =>
      ifReadable(charactersIn(run)),
    ),
    ...runsOf(text, /\b[Uu]\+[0-9A-Fa-f]{4,6}(?:[ ,]{0,2}[Uu]\+[0-9A-Fa-f]{4,6}){0,400}/g, "escapes", (run) =>
      ifReadable(charactersIn(run)),
    ),
    ...runsOf(
      text,
      /(?:&(?:#[xX][0-9A-Fa-f]{1,6}|#[0-9]{1,7}|[A-Za-z]{2,8});|&#[xX]?[0-9A-Fa-f]{2,6})+/g,
      "entities",
      entitiesIn,
    ),
  ];
}

function runsOf(text: string, pattern: RegExp, how: string, read: (run: string) => string | null): EncodedPart[] {
  return Array.from(text.matchAll(pattern)).flatMap((match) => {
    const said = read(match[0]);
    return said === null ? [] : [{ start: match.index, end: match.index + match[0].length, text: said, how }];
  });
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
