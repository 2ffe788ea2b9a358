/**
 * Which code points are pictures, as joiners and variation selectors ask. Wider
 * than Unicode's list, as the same ranges get new pictures each year.
 */
export function isEmoji(code: number): boolean {
  if (code >= 0x1f000) return code <= 0x1faff;
  return (code >= 0x2190 && code <= 0x2bff) || code === 0xa9 || code === 0xae || code === 0x3030 || code === 0x303d;
}

/** Does the text begin with a picture? */
export function emojiAt(text: string): boolean {
  return isEmoji(text.codePointAt(0) ?? 0);
}
