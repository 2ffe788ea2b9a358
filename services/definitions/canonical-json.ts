/**
 * One text for one JSON value: keys sorted by UTF-16 code unit, no white space,
 * numbers as ECMAScript prints them (RFC 8785). Two equal values have the same
 * text, so its hash can stand for the value. Fields that are undefined are
 * left out, as JSON.stringify does.
 */

/** @throws TypeError for what JSON cannot hold: functions, symbols, bigints, cycles of objects (RangeError). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value))
    return `[${value.map((item) => canonicalJson(item === undefined ? null : item)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
    return `{${fields.join(",")}}`;
  }
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`a ${typeof value} is not JSON`);
  return text;
}
