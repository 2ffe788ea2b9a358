/** The audit over HTTP: for admins alone, asked by values, and a page goes on where the one before it ended. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { z } from "zod";
import { hostileEvent, toldEvents } from "../../../test/support/console-audit.ts";
import { gatewayInMemory } from "../../../test/support/gateway-in-memory.ts";
import { auditEvent } from "../../ledger/audit/audit-events.ts";

const told = toldEvents();
const { server } = gatewayInMemory(told.parts);
after(() => server.close());

const ask = (query: string, key = "admin") =>
  server.inject({ url: `/v1/audit/events${query}`, headers: { "x-api-key": key } });
const answered = z.object({ events: z.array(auditEvent), next: z.string().nullable() });

test("an admin sees who changed what, and where the next page begins", async () => {
  const { events, next } = answered.parse((await ask("?limit=2")).json());
  assert.deepEqual(
    events.map(({ event_id: id }) => id),
    told.events.slice(0, 2).map(({ event_id: id }) => id),
  );
  const { events: more, next: last } = answered.parse((await ask(`?cursor=${encodeURIComponent(next ?? "")}`)).json());
  assert.deepEqual([...events, ...more], told.events);
  assert.equal(last, null);
});

test("what is asked for reaches the ledger as values, and calls only when they are asked for", async () => {
  await ask("?actor=ines&action=key.&target=5f&client=acme&from=2026-11-01&to=2026-12-01");
  const { sql, params } = told.asked.at(-1) ?? assert.fail();
  assert.match(sql, /kind != 'call'/);
  assert.doesNotMatch(sql, /ines|acme/);
  const { actor, action, target, client, from, to } = params;
  assert.deepEqual([actor, action, target, client], ["ines", "key.", "5f", "acme"]);
  assert.deepEqual([from, to], [Date.UTC(2026, 10), Date.UTC(2026, 11)]);
  await ask("?kind=call");
  assert.equal(told.asked.at(-1)?.params["kind"], "call");
  assert.doesNotMatch(told.asked.at(-1)?.sql ?? "", /kind != 'call'/);
});

test("nobody else does, and bad questions are refused", async () => {
  for (const key of ["acme", "reviewer"]) assert.equal((await ask("", key)).statusCode, 403);
  for (const query of ["?kind=other", "?limit=0", "?limit=201", "?cursor=1", "?cursor=x.y", "?run=7", "?unknown=1"])
    assert.equal((await ask(query)).statusCode, 400, query);
});

test("what an operator wrote is told as it is: who shows it makes it safe", async () => {
  const { events } = answered.parse((await ask("")).json());
  assert.ok(events.some(({ why }) => why === hostileEvent.why));
});
