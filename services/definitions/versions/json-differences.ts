/**
 * What differs between two JSON documents, by path: values that one alone has,
 * and values that both have and differ. Objects are compared key by key in the
 * order of the first, lists item by item; an object against a list, or against
 * a plain value, is one change. Equal documents have none. Pure.
 */

type Path = readonly (string | number)[];

export type Difference =
  | { readonly kind: "added"; readonly path: string; readonly after: unknown }
  | { readonly kind: "removed"; readonly path: string; readonly before: unknown }
  | { readonly kind: "changed"; readonly path: string; readonly before: unknown; readonly after: unknown };

/** Paths are JSON pointers (RFC 6901); the whole document is "". */
export function jsonDifferences(before: unknown, after: unknown): readonly Difference[] {
  return differencesAt([], before, after);
}

function differencesAt(path: Path, before: unknown, after: unknown): readonly Difference[] {
  if (Object.is(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return ofParts(path, listParts(before), listParts(after));
  if (isObject(before) && isObject(after)) return ofParts(path, objectParts(before), objectParts(after));
  return [{ kind: "changed", path: pointer(path), before, after }];
}

type Parts = ReadonlyMap<string | number, unknown>;

function ofParts(path: Path, before: Parts, after: Parts): readonly Difference[] {
  const known = [...before].flatMap(([key, value]): readonly Difference[] => {
    const inner = [...path, key];
    if (!after.has(key)) return [{ kind: "removed", path: pointer(inner), before: value }];
    return differencesAt(inner, value, after.get(key));
  });
  const added = [...after].flatMap(([key, value]): readonly Difference[] =>
    before.has(key) ? [] : [{ kind: "added", path: pointer([...path, key]), after: value }],
  );
  return [...known, ...added];
}

function listParts(list: readonly unknown[]): Parts {
  return new Map(list.entries());
}

/** What is absent and what is undefined are the same in JSON. */
function objectParts(object: object): Parts {
  return new Map(Object.entries(object).filter(([, value]) => value !== undefined));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function pointer(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
