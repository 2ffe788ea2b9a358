/** Events of the audit for tests of what shows them: of each kind that operators leave, one with words that mean harm. */
import type { AuditEvent } from "../../services/ledger/audit/audit-events.ts";
import type { GatewayParts } from "../../services/gateway/gateway-routes.ts";
import { hostile, runId } from "./console-runs.ts";

function event(no: number, fields: Partial<AuditEvent> & Pick<AuditEvent, "action" | "target">): AuditEvent {
  return {
    kind: "change",
    event_id: `019aa0f1-2c00-7000-8000-0000000000${String(99 - no)}`,
    at: new Date(Date.now() - 60_000 * (1 + no * no)).toISOString(),
    by_kind: "user",
    by_id: "ines",
    target_version: null,
    previous_version: null,
    run_id: null,
    client_id: null,
    outcome: null,
    why: null,
    ...fields,
  };
}

/** Its words turn the direction of text, and hold markup. */
export const hostileEvent = event(1, { action: "paused", target: "client acme", client_id: "acme", why: hostile });

const keyId = "5f0c1e9a7b3d2846";
const letter = "harness-requests-dlq/0/12";
const call = { kind: "call", by_kind: "worker", by_id: "model-invoke-1", client_id: "acme", outcome: "ok" } as const;

export const events: readonly AuditEvent[] = [
  event(0, {
    action: "harness.applied",
    target: "summarise",
    target_version: "0123456789abcdef",
    previous_version: "fedcba9876543210",
  }),
  hostileEvent,
  event(2, {
    action: "dead_letter.replayed",
    target: letter,
    run_id: runId,
    client_id: "acme",
    by_kind: "api_key",
    by_id: keyId,
  }),
  event(3, { action: "key.rotated", target: keyId, client_id: "globex", previous_version: "0011223344556677" }),
  event(4, {
    action: "calls.repriced",
    target: "019aa0f1-2c00-7000-8000-0000000000ff: 2026-11-01T00:00:00.000Z to 2026-12-01T00:00:00.000Z, openai",
    target_version: "a1b2c3d4e5f60718",
  }),
  event(5, {
    kind: "erasure",
    action: "key.erasure_complete",
    target: "k1:1f0c9d",
    previous_version: "019aa0f1-2c00-7000-8000-000000000077",
    client_id: "acme",
    outcome: "complete",
    why: "asked for by mail",
  }),
  event(6, { action: "budget.unset", target: "client acme, month", previous_version: "77aa", by_id: "ops\u202Eeve" }),
];

export const callEvent = event(7, { ...call, action: "called", target: "openai/gpt-4o", run_id: runId });

interface Asked {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface ToldEvents {
  readonly events: readonly AuditEvent[];
  /** What the ledger was asked, the latest last. */
  readonly asked: Asked[];
  readonly parts: Pick<GatewayParts, "ledger">;
}

/** A ledger that says what is above, by kind, actor, target and page. */
export function toldEvents(): ToldEvents {
  const asked: Asked[] = [];
  const query = (sql: string, params: Readonly<Record<string, unknown>> = {}): Promise<readonly unknown[]> => {
    if (!sql.includes("FROM audit_events")) return Promise.resolve([]);
    asked.push({ sql, params });
    const { kind, actor, target, afterId } = params;
    const all = kind === "call" ? [callEvent] : events;
    const left = all.slice(afterId === undefined ? 0 : all.findIndex(({ event_id: id }) => id === afterId) + 1);
    const found = left.filter(
      (one) =>
        (kind === undefined || one.kind === kind) &&
        (actor === undefined || one.by_id === actor) &&
        (target === undefined || (typeof target === "string" && one.target.includes(target))),
    );
    return Promise.resolve(found.slice(0, Number(params["limit"])));
  };
  return { events, asked, parts: { ledger: { query } } };
}
