/**
 * Facts that can be read off a text without understanding it: sentences,
 * labelled values, dates, amounts, codes. Every search looks at the first
 * 20,000 characters only and is linear in them.
 */

export const searchedCharacters = 20_000;

/** Shorter than this, what follows a heading is not taken for the document. */
const leastDocument = 20;

/**
 * The document within a prompt: what stands between a pair of tags, or all that
 * follows the leading lines that end in a colon; else the whole.
 */
export function documentIn(prompt: string): string {
  const text = prompt.slice(0, searchedCharacters);
  const tag = /<([a-zA-Z][\w-]{0,40})>/.exec(text);
  if (tag !== null) {
    const start = tag.index + tag[0].length;
    const end = text.indexOf(`</${tag[1] ?? ""}>`, start);
    const inner = text.slice(start, end === -1 ? undefined : end).trim();
    if (inner.length > leastDocument) return inner;
  }
  let rest = text.trim();
  for (;;) {
    const lineEnd = rest.indexOf("\n");
    const after = lineEnd === -1 ? "" : rest.slice(lineEnd).trim();
    if (after.length <= leastDocument || !/:\s*$/.test(rest.slice(0, lineEnd))) return rest;
    rest = after;
  }
}

const abbreviationEnd = /(?:^|[^\w])(?:[A-Z]|Mr|Mrs|Ms|Dr|St|No|vs|Inc)\.$/;

/** Sentences of some length, white space folded; at most `most`. A full stop after an initial or a title ends none. */
export function sentencesOf(text: string, most: number): string[] {
  const found: string[] = [];
  let open = "";
  for (const [piece] of text.slice(0, searchedCharacters).matchAll(/[^.!?\n][^.!?]*[.!?]+["')\]]*/g)) {
    open = `${open} ${piece}`.replace(/\s+/g, " ").trim();
    if (abbreviationEnd.test(open)) continue;
    if (open.length >= 25) found.push(open);
    open = "";
    if (found.length === most) break;
  }
  return found;
}

/** `invoiceNumber`, `invoice_number` -> ["invoice", "number"]. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** Other words under which a document may hold what a field is called. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  issued: ["issue date", "invoice date", "date"],
  due: ["due date", "payment due"],
  seller: ["from", "supplier", "vendor"],
  buyer: ["bill to", "billed to", "customer", "to"],
  tax: ["vat", "gst"],
  total: ["amount due"],
  invoice_number: ["invoice"],
};

/** What stands behind a label: `Invoice No: 17` for `invoice_number`, up to the line's end or a wide gap. */
export function labelled(text: string, name: string): string | undefined {
  const words = wordsOf(name);
  const known = words.filter((word) => !["on", "at", "of"].includes(word));
  const others = [...(synonyms[name] ?? []), ...known.flatMap((word) => synonyms[word] ?? [])];
  for (const label of [words.join(" "), known.join(" "), ...others]) {
    const value = behind(text, label);
    if (value !== undefined) return value;
  }
  return undefined;
}

function behind(text: string, label: string): string | undefined {
  if (label === "") return undefined;
  const words = label.split(" ").map((word) => (/^(?:number|no|id)$/.test(word) ? "(?:number|no\\.?|id|#)" : word));
  const gap = "(?:[^\\n:#=\\t]{0,20}[:#=][ \\t]*|[ \\t]{2,}|\\t|(?<=#))";
  const pattern = new RegExp(`(?:^|[^\\w])${words.join("[ \\t_.-]*")}(?![a-z])${gap}([^\\n]{1,200})`, "im");
  const value = pattern
    .exec(text.slice(0, searchedCharacters))?.[1]
    ?.split(/ {3,}|\t/)[0]
    ?.trim();
  return value === undefined || value === "" ? undefined : value;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** The first date of the text as YYYY-MM-DD: ISO, `March 4, 1857`, `4 March 1857`, `3/4/1857` (month first). */
export function dateIn(text: string): string | undefined {
  const pattern =
    /\b(\d{4})-(\d{2})-(\d{2})\b|\b([A-Z][a-z]{2,8})\.? (\d{1,2}),? (\d{4})\b|\b(\d{1,2})\.? ([A-Z][a-z]{2,8}) (\d{4})\b|\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/g;
  for (const match of text.slice(0, searchedCharacters).matchAll(pattern)) {
    const [, y1, m1, d1, name2, d2, y2, d3, name3, y3, m4, d4, y4] = match;
    const named = (name: string | undefined): number => months.indexOf((name ?? "").slice(0, 3).toLowerCase()) + 1;
    const year = Number(y1 ?? y2 ?? y3 ?? y4);
    const month = m1 !== undefined || m4 !== undefined ? Number(m1 ?? m4) : named(name2 ?? name3);
    const day = Number(d1 ?? d2 ?? d3 ?? d4);
    if (month < 1 || month > 12 || day < 1 || day > 28 + (month === 2 ? 0 : 2)) continue;
    return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  }
  return undefined;
}

/** Numbers in the order they stand, thousands separators taken out; parts of dates and codes are left out. */
export function numbersIn(text: string): number[] {
  const found: number[] = [];
  for (const [, whole] of text
    .slice(0, searchedCharacters)
    .matchAll(/(?<![\w./-])[$€£]?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\w/-])/g)) {
    found.push(Number((whole ?? "0").replaceAll(",", "")));
  }
  return found;
}

/** Lines that look like a table's rows: words first, then at least `numbers` numbers, and no total. */
export function rowsIn(text: string, numbers: number): string[] {
  const summing = /\b(?:total|subtotal|tax|vat|due|discount|shipping|balance)\b/i;
  return text
    .slice(0, searchedCharacters)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /[a-zA-Z]{2}/.test(line) && !summing.test(line) && !/:\s/.test(line))
    .filter((line) => numbersIn(line).length >= Math.max(1, numbers));
}

/** What a row says before its first column gap, or before its first number when it has no gaps. */
export function leadOf(row: string): string {
  const text = row.replace(/^[|*\-\s]+/, "");
  const gap = text.search(/ {2,}|\t|\|/);
  if (gap > 0) return text.slice(0, gap).trim();
  return text.split(/ [$€£]?\d/, 1)[0]?.trim() ?? text;
}

/** Frequent long words, most frequent first, then alphabetical. */
export function keywordsOf(text: string, most: number): string[] {
  const counts = new Map<string, number>();
  for (const [word] of text
    .slice(0, searchedCharacters)
    .toLowerCase()
    .matchAll(/[a-z]{6,}/g))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b, "en"))
    .slice(0, most)
    .map(([word]) => word);
}
