/** An answer as text: words as they are, everything else as JSON that is set out in lines. Pure. */

export function answerText(output: unknown): string {
  return typeof output === "string" ? output : JSON.stringify(output, null, 2);
}
