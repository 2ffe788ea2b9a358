/** Keys as `keys list` shows them, for people and as JSON; neither has anything of a secret. */
import type { ClientKey } from "../../../schemas/control/client.ts";
import { isInForce } from "../../gateway/clients/keys.ts";
import type { Table } from "../table.ts";

export function keyDocument(key: ClientKey, nowMs: number): object {
  const { kind: _kind, secret_sha256: _hash, ...shown } = key;
  return { ...shown, in_force: isInForce(key, nowMs) };
}

export function keyTable(keys: readonly ClientKey[], nowMs: number): Table {
  return {
    columns: [
      { head: "key id" },
      { head: "client" },
      { head: "state" },
      { head: "harnesses", shrink: 12 },
      { head: "scopes", drop: 1 },
      { head: "limits", drop: 3, shrink: 12 },
      { head: "made", drop: 4 },
      { head: "label", drop: 2, shrink: 12 },
    ],
    rows: keys.map((key) => [
      key.key_id,
      key.client_id,
      stateOf(key, nowMs),
      key.scopes.harnesses?.join(", ") ?? "all",
      [...(key.scopes.admin ? ["admin"] : []), ...(key.scopes.review ? ["review"] : [])].join(", ") || "-",
      limitsOf(key),
      minuteOf(key.created_at_ms),
      key.label ?? "-",
    ]),
  };
}

function stateOf(key: ClientKey, nowMs: number): string {
  const { revoked_at_ms: revokedAtMs, valid_until_ms: untilMs } = key;
  if (revokedAtMs !== undefined) return `revoked ${minuteOf(revokedAtMs)}`;
  if (untilMs === undefined) return "in force";
  return `${untilMs > nowMs ? "until" : "over since"} ${minuteOf(untilMs)}`;
}

function limitsOf({ limits }: ClientKey): string {
  const words = Object.entries(limits).map(([name, value]) => `${value} ${name.replaceAll("_", " ")}`);
  return words.join(", ") || "the gateway's";
}

function minuteOf(atMs: number): string {
  return new Date(atMs).toISOString().replace("T", " ").slice(0, 16);
}
