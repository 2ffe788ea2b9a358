/**
 * Cuts a stream of bytes into lines at line feeds alone, as JSON Lines has it:
 * a text may hold other characters that end a line elsewhere (U+2028). A
 * carriage return before the line feed is no part of the line.
 */

export async function* splitLines(input: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // What belongs to the line that has not ended: joined once, so that a long line stays linear.
  let parts: string[] = [];
  for await (const chunk of input) {
    const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    const [first = "", ...rest] = text.split("\n");
    parts.push(first);
    for (const next of rest) {
      yield withoutReturn(parts.join(""));
      parts = [next];
    }
  }
  const last = parts.join("") + decoder.decode();
  if (last !== "") yield withoutReturn(last);
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
