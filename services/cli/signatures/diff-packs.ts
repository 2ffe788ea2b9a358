/**
 * What a pack would change: its own settings, and signatures added, removed and
 * changed, field by field. Signatures are the same by their id, wherever they
 * stand; a field that is left out is the same as its default.
 */
import { isDeepStrictEqual } from "node:util";
import type { ReadSignaturePack } from "../../../schemas/control/signature-pack.ts";

export interface FieldChange {
  readonly field: string;
  /** Undefined: it was not there. */
  readonly from: unknown;
  readonly to: unknown;
}

export interface PackDifference {
  readonly settings: readonly FieldChange[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly { readonly id: string; readonly fields: readonly FieldChange[] }[];
}

/** `before` is undefined when no pack of the name is applied. */
export function diffPacks(before: ReadSignaturePack | undefined, after: ReadSignaturePack): PackDifference {
  const { signatures: old, ...oldSettings } = before ?? { signatures: [] };
  const { signatures: next, ...settings } = after;
  const oldById = new Map(old.map((signature) => [signature.id, signature]));
  const nextIds = new Set(next.map(({ id }) => id));
  return {
    settings: before === undefined ? [] : diffFields(oldSettings, settings),
    added: next.flatMap(({ id }) => (oldById.has(id) ? [] : [id])),
    removed: [...oldById.keys()].filter((id) => !nextIds.has(id)),
    changed: next.flatMap((signature) => {
      const known = oldById.get(signature.id);
      const fields = known === undefined ? [] : diffFields(known, signature);
      return fields.length === 0 ? [] : [{ id: signature.id, fields }];
    }),
  };
}

export function isSame({ settings, added, removed, changed }: PackDifference): boolean {
  return settings.length + added.length + removed.length + changed.length === 0;
}

function diffFields(from: object, to: object, prefix = ""): readonly FieldChange[] {
  const [left, right] = [new Map<string, unknown>(Object.entries(from)), new Map<string, unknown>(Object.entries(to))];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) => {
    const change = { field: `${prefix}${name}`, from: left.get(name), to: right.get(name) };
    if (isDeepStrictEqual(change.from, change.to)) return [];
    if (isMapping(change.from) && isMapping(change.to)) return diffFields(change.from, change.to, `${change.field}.`);
    return [change];
  });
}

function isMapping(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
