import assert from "node:assert/strict";
import { test } from "node:test";
import type { BreakerRecord } from "../../../schemas/control/breaker.ts";
import { breakerTable } from "./breakers.ts";

const noon = Date.UTC(2026, 10, 22, 12);

function breaker(changes: Partial<BreakerRecord>): BreakerRecord {
  const open = { kind: "breaker", provider: "openai", model: "gpt-4o", state: "open" } as const;
  return { ...open, open_until_ms: noon + 10_000, worker: "w", at_ms: noon, ...changes };
}

test("each breaker says its state, since when, and when the next probe goes out", () => {
  const { rows } = breakerTable(
    [
      breaker({ model: "gpt-4o-mini", state: "closed", open_until_ms: 0 }),
      breaker({}),
      breaker({ provider: "anthropic", model: "claude", open_until_ms: noon - 1 }),
    ],
    noon + 1000,
  );
  assert.deepEqual(rows, [
    ["anthropic/claude", "open", "-", "2026-11-22 12:00:00", "with the next run", "w"],
    ["openai/gpt-4o", "open", "-", "2026-11-22 12:00:00", "2026-11-22 12:00:10", "w"],
    ["openai/gpt-4o-mini", "closed", "-", "2026-11-22 12:00:00", "-", "w"],
  ]);
});

test("a key is named by its place and its fingerprint, with the provider's word for its trouble", () => {
  const key = { fingerprint: "0a1b2c3d", position: 2, trouble: "rejected", code: "invalid_api_key" } as const;
  const { rows } = breakerTable([breaker({ provider: "groq", model: "*", key }), breaker({ key })], noon);
  assert.deepEqual(
    rows.map(([name, state, why]) => [name, state, why]),
    [
      ["groq key 2 (0a1b2c3d)", "open", "invalid_api_key"],
      ["openai/gpt-4o key 2 (0a1b2c3d)", "open", "invalid_api_key"],
    ],
  );
});
