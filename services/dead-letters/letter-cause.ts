/**
 * The cause that a dead letter's message names, in words that every letter
 * with the same cause has: its first reason, without the attempt it is about
 * and with N for numbers that differ from letter to letter. Messages hold no
 * content, so neither does a cause.
 */

const longest = 160;

/** `attempt 1: contract /items/3/price type; ...` is `contract /items/N/price type`. */
export function causeOf(message: string): string {
  const [first = ""] = message.replace(/^attempt \d+: /, "").split("; ", 1);
  const plain = first.replace(/\d+/g, "N").trim();
  return plain.length <= longest ? plain : `${plain.slice(0, longest - 1)}…`;
}
