/**
 * E-mail addresses. Found from the @ outwards, so the time is linear whatever
 * the text. A package with a version (`pkg@1.2.3`), a handle (`@name`) and the
 * user part of a URL (`https://user:word@host`) are not addresses.
 */
import type { PiiSpan } from "../entity.ts";
import type { PiiText } from "../pii-text.ts";

const mostLocal = 64;
const mostDomain = 253;
const localChar = /[\p{L}\p{N}._%+\-']/u;
const domainChar = /[\p{L}\p{N}.-]/u;
const domainShape = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:\p{L}{2,24}|xn--[a-z0-9-]{2,40})$/u;

export function findEmails({ folded }: PiiText): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  for (let at = folded.indexOf("@"); at >= 0; at = folded.indexOf("@", at + 1)) {
    const start = localStart(folded, at);
    const end = domainEnd(folded, at + 1);
    if (start < at && end > at + 1 && !isUrlUser(folded, start) && !isRepository(folded, start, end)) {
      found.push({ entity: "email", confidence: "validated", start, end });
    }
  }
  return found;
}

/** Where the local part begins; `at` itself when there is none. */
function localStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < mostLocal && localChar.test(text.charAt(start - 1))) start--;
  while (start < at && /[.'-]/.test(text.charAt(start))) start++;
  const local = text.slice(start, at);
  return local.endsWith(".") || local.includes("..") ? at : start;
}

/** Where the domain ends, a full stop of the sentence left out; `from` when it is no domain. */
function domainEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && end - from < mostDomain && domainChar.test(text.charAt(end))) end++;
  while (end > from && /[.-]/.test(text.charAt(end - 1))) end--;
  const domain = text.slice(from, end);
  if (/^\d+\.\d/.test(domain) || text.charAt(end) === "@") return from;
  return domainShape.test(domain) ? end : from;
}

/** Between `://` and the @ stands a user and perhaps a password: a credential, not an address. */
function isUrlUser(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - mostLocal), start);
  const scheme = before.lastIndexOf("://");
  return scheme >= 0 && !/[\s/?#]/.test(before.slice(scheme + 3));
}

/** `git@host:owner/name`, how a repository is addressed over SSH. */
function isRepository(text: string, start: number, end: number): boolean {
  return text.startsWith("git@", start) && text.charAt(end) === ":" && !/[\s]/.test(text.charAt(end + 1));
}
