/**
 * Reads rows of numbers: bytes of a fixed number of digits, or codes of
 * characters with anything between them.
 */

/** Numbers of `width` digits each, up to 255, whatever stands between them. */
export function bytesIn(run: string, width: number, base: 2 | 16): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(run.length / width));
  let length = 0;
  let value = 0;
  let digits = 0;
  for (let at = 0; at < run.length; at++) {
    const digit = digitOf(run.charCodeAt(at));
    if (digit < 0) continue;
    value = value * base + digit;
    if (++digits < width) continue;
    bytes[length++] = value;
    value = digits = 0;
  }
  return bytes.subarray(0, length);
}

/** The characters of hexadecimal codes; halves of a pair join, and a code that is no character reads as U+FFFD. */
export function charactersIn(run: string): string {
  let text = "";
  let value = 0;
  let digits = 0;
  for (let at = 0; at <= run.length; at++) {
    const digit = at < run.length ? digitOf(run.charCodeAt(at)) : -1;
    if (digit >= 0) {
      value = value * 16 + digit;
      digits++;
    } else if (digits > 0) {
      text += characterOf(value);
      value = digits = 0;
    }
  }
  return text;
}

export function characterOf(code: number): string {
  if (code > 0x10ffff) return "\ufffd";
  return code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code);
}

function digitOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const letter = unit | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
