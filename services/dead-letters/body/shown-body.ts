/**
 * The body of a dead letter as far as it may be shown to an operator: JSON as
 * it is built, other text as text, other bytes in hexadecimal; all bounded.
 * What a policy would have taken out is hidden, sealed boxes stay shut, and of
 * a record that names a data subject no content is shown. Nothing is decoded
 * that was not sent as text.
 */
import { isErased } from "../../../schemas/parts/content.ts";
import type { PolicyKnobs } from "../../../schemas/control/harness-definition.ts";
import { parseJson } from "../dead-letter.ts";
import { hexRows, type HexRow } from "./hex-rows.ts";
import { hiddenIn, showText } from "./hidden-text.ts";

export type ShownBody =
  | { readonly kind: "none" }
  | { readonly kind: "json"; readonly value: unknown; readonly hidden: number; readonly isCut: boolean }
  | { readonly kind: "text"; readonly text: string; readonly hidden: number; readonly isCut: boolean }
  | { readonly kind: "bytes"; readonly rows: readonly HexRow[]; readonly hidden: number; readonly isCut: boolean };

type Policy = PolicyKnobs["pii"];

export const bodyBounds = { textChars: 16_000, stringChars: 2000, bytes: 512, items: 50, depth: 16 } as const;

const sealedMark = "[sealed]";
const erasedMark = "[erased]";
const subjectMark = "[not shown: it is a data subject's]";
const deepMark = "[deeper than is shown]";

export function showBody(value: Buffer | null, policy: Policy): ShownBody {
  if (value === null) return { kind: "none" };
  const json = parseJson(value);
  if (json !== undefined) return showJson(json, policy);
  const text = utf8Of(value);
  if (text === null) return showBytes(value, policy);
  const { text: shown, hidden, cut } = showText(text, policy, bodyBounds.textChars);
  return { kind: "text", text: shown, hidden, isCut: cut > 0 };
}

function utf8Of(value: Buffer): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

/** Values are looked for as if each byte were a character: a value among bytes is hidden as well. */
function showBytes(value: Buffer, policy: Policy): ShownBody {
  const shown = value.subarray(0, bodyBounds.bytes);
  const data = hiddenIn(value.subarray(0, 2 * bodyBounds.bytes).toString("latin1"), policy).filter(
    ({ start }) => start < shown.length,
  );
  const rows = hexRows(shown, (offset) => data.some(({ start, end }) => start <= offset && offset < end));
  return { kind: "bytes", rows, hidden: data.length, isCut: value.length > shown.length };
}

function showJson(json: unknown, policy: Policy): ShownBody {
  const walk = new Walk(policy, namesSubject(json));
  const value = walk.show(json, 0);
  return { kind: "json", value, hidden: walk.hidden, isCut: walk.isCut };
}

function namesSubject(json: unknown): boolean {
  if (!isObject(json)) return false;
  if (typeof json["subject_id"] === "string") return true;
  const { settlement } = json;
  return isObject(settlement) && namesSubject(settlement["task"]);
}

/** Requests hold their content under these; every later record in boxes. */
const contentFields: ReadonlySet<string> = new Set(["input", "options"]);
/** As long as the shortest identifier. */
const leastDigits = 7;

class Walk {
  readonly #policy: Policy;
  readonly #isSubjects: boolean;
  /** Characters that may still be shown. */
  #room: number = bodyBounds.textChars;
  hidden = 0;
  isCut = false;

  constructor(policy: Policy, isSubjects: boolean) {
    this.#policy = policy;
    this.#isSubjects = isSubjects;
  }

  show(value: unknown, depth: number): unknown {
    if (typeof value === "string") return this.#text(value);
    if (typeof value === "number") return this.#number(value);
    if (typeof value !== "object" || value === null) return value;
    if (depth >= bodyBounds.depth) return this.#cut(deepMark);
    if (Array.isArray(value)) return this.#list(value, depth);
    return isObject(value) ? this.#object(value, depth) : null;
  }

  #list(value: readonly unknown[], depth: number): unknown {
    const shown = value.slice(0, bodyBounds.items).map((item) => this.show(item, depth + 1));
    const left = value.length - shown.length;
    return left === 0 ? shown : [...shown, this.#cut(`[${left} more]`)];
  }

  #object(value: Readonly<Record<string, unknown>>, depth: number): unknown {
    if (typeof value["sealed"] === "string" && "key_id" in value)
      return this.#hide(isErased(value) ? erasedMark : sealedMark);
    if (this.#isSubjects && "plain" in value) return this.#hide(subjectMark);
    const entries = Object.entries(value);
    const shown = entries
      .slice(0, bodyBounds.items)
      .map(([key, inner]): readonly [string, unknown] => [this.#text(key), this.#field(key, inner, depth)]);
    const left = entries.length - shown.length;
    return Object.fromEntries(left === 0 ? shown : [...shown, ["…", this.#cut(`[${left} more]`)]]);
  }

  #field(key: string, value: unknown, depth: number): unknown {
    if (this.#isSubjects && depth === 0 && contentFields.has(key)) return this.#hide(subjectMark);
    return this.show(value, depth + 1);
  }

  #text(text: string): string {
    if (this.#room <= 0) return this.#cut("[…]");
    const { text: shown, hidden, cut } = showText(text, this.#policy, Math.min(bodyBounds.stringChars, this.#room));
    this.#room -= shown.length;
    this.hidden += hidden;
    return cut === 0 ? shown : this.#cut(`${shown} [${cut} more characters]`);
  }

  #number(value: number): unknown {
    const written = String(value);
    if (written.length < leastDigits || hiddenIn(written, this.#policy).length === 0) return value;
    return this.#text(written);
  }

  #hide(mark: string): string {
    this.hidden += 1;
    return mark;
  }

  #cut(mark: string): string {
    this.isCut = true;
    return mark;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
