/**
 * One text for one JSON value: keys sorted by UTF-16 code unit, no white space,
 * numbers as ECMAScript prints them (RFC 8785). Two equal values have the same
 * text, so its hash can stand for the value. Fields that are undefined are
 * left out, as JSON.stringify does.
 */

type Fields = Readonly<Record<string, unknown>>;

/** @throws TypeError for what JSON cannot hold: functions, symbols, bigints, cycles of objects (RangeError). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value))
    return `[${value.map((item) => canonicalJson(item === undefined ? null : item)).join(",")}]`;
  if (isFields(value)) return `{${fieldsText(value)}}`;
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`a ${typeof value} is not JSON`);
  return text;
}

/** One text that grows: of each audit record this is done, and lists of pairs cost twice as much. */
function fieldsText(fields: Fields): string {
  let text = "";
  for (const name of Object.keys(fields).toSorted()) {
    const field = fields[name];
    if (field !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${canonicalJson(field)}`;
  }
  return text;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}
