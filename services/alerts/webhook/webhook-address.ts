/**
 * Where alerts may be sent: an https address, or plain http on this machine or
 * where the operator says so. The address comes from the process's environment
 * and from nowhere else: no request, record or setting of a client can name one.
 * So an address inside the operator's network is no attack, and is taken.
 */

/** What is wrong with an address; null: nothing. Does not repeat it: it may hold a token. */
export function addressDefect(address: string, mayBePlain: boolean): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null) return "an https address";
  if (url.username !== "" || url.password !== "") return "an address without a user and a password in it";
  if (url.protocol === "https:") return null;
  if (url.protocol !== "http:") return "an https address";
  if (mayBePlain || isLoopback(url.hostname)) return null;
  return "https, or http on this machine (BREAKWATER_ALERT_WEBHOOK_PLAIN_HTTP=true takes any)";
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
