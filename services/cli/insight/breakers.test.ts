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
    ["anthropic/claude", "open", "2026-11-22 12:00:00", "with the next run", "w"],
    ["openai/gpt-4o", "open", "2026-11-22 12:00:00", "2026-11-22 12:00:10", "w"],
    ["openai/gpt-4o-mini", "closed", "2026-11-22 12:00:00", "-", "w"],
  ]);
});
