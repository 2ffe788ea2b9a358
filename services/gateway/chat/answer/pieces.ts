/**
 * Cuts a text into the pieces of a stream. No piece ends within a code point,
 * so each can be decoded and shown on its own; joined, they are the text. Pure.
 */
const pieceLength = 128;

export function pieces(text: string, length: number = pieceLength): readonly string[] {
  const cut: string[] = [];
  let from = 0;
  while (from < text.length) {
    const end = from + length;
    const to = isWithinPair(text, end) ? end + 1 : end;
    cut.push(text.slice(from, to));
    from = to;
  }
  return cut;
}

function isWithinPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000;
}
