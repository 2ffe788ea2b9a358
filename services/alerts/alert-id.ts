/**
 * The id of an alert, from what it is about: the same cause gives the same id in
 * every process and after every restart. Without a full stop in it, as it is
 * signed with full stops around it.
 */
import { createHash } from "node:crypto";

export function alertIdOf(...cause: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of cause) hash.update(`${Buffer.byteLength(part)}:${part}`);
  return `alert_${hash.digest("hex").slice(0, 32)}`;
}
