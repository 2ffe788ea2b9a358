/**
 * Who did what when, on the real engine: found by each filter, calls only when
 * they are asked for, a record that was stored twice once, and pages that are
 * together the whole.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { AuditChange } from "../../schemas/audit/change.ts";
import type { AuditErasure } from "../../schemas/audit/erasure.ts";
import { eventRow } from "../../services/cost-aggregate/event-rows.ts";
import {
  auditEvents,
  nextEventPlace,
  type EventPlace,
  type EventQuery,
} from "../../services/ledger/audit/audit-events.ts";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import { exampleValue } from "../contract/examples.ts";
import { auditRecord } from "../../schemas/audit/record.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";

let house: TestClickHouse;
let store: Store;

const beganMs = Date.UTC(2026, 10, 1);
const actions = ["key.created", "key.revoked", "harness.applied", "paused"] as const;
const run = "0190f2c4-0000-7000-8000-000000000001";

/** Three of a kind at the same millisecond. */
const changes: readonly AuditChange[] = Array.from({ length: 60 }, (_, no) => ({
  kind: "change",
  event_id: `0190f2c4-0000-7000-8000-1000000000${String(no).padStart(2, "0")}`,
  decided_at_ms: beganMs + Math.floor(no / 3) * 3_600_000,
  by: no % 2 === 0 ? { kind: "user", id: "ines" } : { kind: "api_key", id: "5f0c1e9a7b3d2846" },
  action: actions[no % actions.length] ?? "paused",
  target: no === 7 ? "Client O'Neill \\ {x:String}" : `target ${no}`,
  ...(no % 5 === 0 ? { client_id: "acme" } : {}),
  ...(no === 9 ? { run_id: run, why: "asked for" } : {}),
}));
const erasure: AuditErasure = {
  kind: "erasure",
  event_id: "0190f2c4-0000-7000-8000-000000000077/complete",
  decided_at_ms: beganMs + 30 * 3_600_000,
  by: { kind: "user", id: "ines" },
  state: "complete",
  key_id: "0190f2c4-0000-7000-8000-000000000077",
  client_id: "acme",
};

before(async () => {
  house = await startTestClickHouse();
  store = connectStore({ url: house.url, user: "default", password: "", database: "breakwater" });
  await migrate(store);
  const call = auditRecord.parse(exampleValue("harness-audit", "call"));
  assert.equal(call.kind, "call");
  const rows = [...changes, erasure, call].map((record, offset) =>
    eventRow({ topic: "harness-audit", partition: 0, offset: BigInt(offset) }, record),
  );
  await store.insert("audit_events", rows);
  await store.insert("audit_events", rows.slice(10, 40));
});
after(async () => {
  await store.close();
  await house.stop();
});

const asked = (query: Omit<EventQuery, "limit">) => auditEvents(store, { limit: 200, ...query });
const idsOf = async (query: Omit<EventQuery, "limit">) => (await asked(query)).map(({ event_id: id }) => id);
const changed = (fits: (change: AuditChange) => boolean) =>
  changes
    .filter(fits)
    .map(({ event_id: id }) => id)
    .toSorted()
    .toReversed();

test("changes and erasures are told newest first, each once, and no call", async () => {
  const found = await asked({});
  assert.equal(found.length, changes.length + 1);
  assert.deepEqual(new Set(found.map(({ kind }) => kind)), new Set(["change", "erasure"]));
  assert.deepEqual(
    found.map(({ at }) => at),
    found
      .map(({ at }) => at)
      .toSorted()
      .toReversed(),
  );
  assert.deepEqual(
    (await asked({ kind: "call" })).map(({ kind, by_kind: by }) => [kind, by]),
    [["call", "worker"]],
  );
  const [one] = await asked({ kind: "erasure" });
  assert.deepEqual([one?.action, one?.outcome, one?.client_id], ["key.erasure_complete", "complete", "acme"]);
});

test("each filter finds what fits it, and a value is never a part of the question", async () => {
  assert.deepEqual(
    await idsOf({ actor: "5f0c1e9a7b3d2846" }),
    changed(({ by }) => by.kind === "api_key"),
  );
  assert.deepEqual(
    await idsOf({ kind: "change", action: "key." }),
    changed(({ action }) => action.startsWith("key.")),
  );
  assert.deepEqual(
    await idsOf({ kind: "change", client: "acme" }),
    changed(({ client_id: of }) => of === "acme"),
  );
  assert.deepEqual(
    await idsOf({ target: "o'neill \\ {x" }),
    changed(({ target }) => target.includes("O'Neill")),
  );
  assert.deepEqual(await idsOf({ target: "%" }), []);
  assert.deepEqual(await idsOf({ actor: "' OR 1 = 1 --" }), []);
  const [about] = await asked({ run });
  assert.deepEqual([about?.why, about?.run_id], ["asked for", run]);
  const from = beganMs + 3_600_000;
  const to = from + 3_600_000;
  assert.deepEqual(
    await idsOf({ from, to }),
    changed(({ decided_at_ms: at }) => at >= from && at < to),
  );
});

test("pages are together the whole, also where several stand at one moment", async () => {
  const whole = await idsOf({});
  for (const limit of [1, 2, 7]) {
    const found: string[] = [];
    let after: EventPlace | null | undefined;
    do {
      const page = await auditEvents(store, { limit, after: after ?? undefined });
      found.push(...page.map(({ event_id: id }) => id));
      after = nextEventPlace(page, limit);
    } while (after !== null);
    assert.deepEqual(found, whole, `by ${limit}`);
  }
});
