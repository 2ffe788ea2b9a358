/**
 * Finds numbers by how they are written: `3-2-4` is three digits, a dash, two
 * digits, a dash, four. All forms of all numbers stand in one tree, so that a
 * text is walked once, whatever their number; a checksum and, where the form
 * alone says little, a word nearby decide.
 */
import type { PiiEntity, PiiSpan } from "../entity.ts";
import type { PiiText } from "../pii-text.ts";
import { isNamed, standsAlone } from "../surroundings.ts";

export interface NumberForm {
  readonly entity: PiiEntity;
  /** For example `9`, `3 3 3`, `3.3.3-2`; needs a word nearby. */
  readonly named: readonly string[];
  /** Forms that nothing else is written in: no word is needed. */
  readonly telling?: readonly string[];
  readonly checks: (digits: string) => boolean;
  /** It has a check digit: a match is validated, not merely named. */
  readonly checked: boolean;
  /** Words for it, in folded letters. */
  readonly words: RegExp;
}

interface Entry {
  readonly form: NumberForm;
  readonly telling: boolean;
}

interface Node {
  readonly next: Map<number, Node>;
  readonly entries: Entry[];
}

export type FormTree = Node;

const separators = " -./";

export function buildFormTree(forms: readonly NumberForm[]): FormTree {
  const root: Node = { next: new Map(), entries: [] };
  for (const form of forms) {
    for (const written of form.named) plant(root, written, { form, telling: false });
    for (const written of form.telling ?? []) plant(root, written, { form, telling: true });
  }
  return root;
}

function plant(root: Node, written: string, entry: Entry): void {
  let node = root;
  for (const [, separator = "", size = ""] of written.matchAll(/([ \-./]?)(\d+)/g)) {
    const key = keyOf(separators.indexOf(separator === "" ? " " : separator), Number(size));
    let next = node.next.get(key);
    if (next === undefined) node.next.set(key, (next = { next: new Map(), entries: [] }));
    node = next;
  }
  node.entries.push(entry);
}

/** The first group's separator counts as a space. */
function keyOf(separator: number, size: number): number {
  return size * 4 + separator;
}

const mostDigits = 20;

/** Every number that one of the tree's forms and its check accept. */
export function findNumbers(text: PiiText, tree: FormTree): readonly PiiSpan[] {
  const { folded, starts, ends } = text;
  const found: PiiSpan[] = [];
  for (let first = 0; first < starts.length; first++) {
    let node: Node | undefined = tree;
    for (let last = first; node !== undefined && last < starts.length; last++) {
      const start = starts[last] ?? 0;
      const end = ends[last] ?? 0;
      const separator = last === first ? 0 : separatorBetween(folded, ends[last - 1] ?? 0, start);
      if (separator < 0 || end - start > mostDigits) break;
      node = node.next.get(keyOf(separator, end - start));
      if (node !== undefined && node.entries.length > 0) judge(text, node.entries, first, last).forEach(add);
    }
  }
  return found;

  function add(span: PiiSpan): void {
    found.push(span);
  }
}

function separatorBetween(folded: string, end: number, start: number): number {
  if (start !== end + 1) return -1;
  const written = folded.charAt(end);
  return separators.indexOf(written === "\n" ? " " : written);
}

function judge(text: PiiText, entries: readonly Entry[], first: number, last: number): readonly PiiSpan[] {
  const { folded, starts, ends } = text;
  const start = starts[first] ?? 0;
  const end = ends[last] ?? 0;
  let digits = "";
  for (let at = first; at <= last; at++) digits += folded.slice(starts[at], ends[at]);
  const spans: PiiSpan[] = [];
  for (const { form, telling } of entries) {
    if (!form.checks(digits) || !standsAlone(folded, start, end) || goesOn(text, first, last)) continue;
    if (!telling && !isNamed(folded, start, end, form.words)) continue;
    const confidence = form.checked || telling ? "validated" : "contextual";
    spans.push({ entity: form.entity, confidence, start, end });
  }
  return spans;
}

/** A number in groups is not the beginning or the end of a longer one in groups. */
function goesOn({ folded, starts, ends }: PiiText, first: number, last: number): boolean {
  if (first === last) return false;
  const before =
    first > 0 && ends[first - 1] === (starts[first] ?? 0) - 1 && folded.charAt((starts[first] ?? 0) - 1) !== "\n";
  const after = starts[last + 1] === (ends[last] ?? 0) + 1 && folded.charAt(ends[last] ?? 0) !== "\n";
  const separator = folded.charAt((starts[first + 1] ?? 0) - 1);
  return (
    (before && folded.charAt((starts[first] ?? 0) - 1) === separator) ||
    (after && folded.charAt(ends[last] ?? 0) === separator)
  );
}
