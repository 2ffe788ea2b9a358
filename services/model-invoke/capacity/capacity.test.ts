import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { capacityOf } from "../../../test/support/capacity.ts";
import type { Slot } from "./model-gate.ts";

const call = { provider: "openai", model: "gpt-4o", tokens: 100, client: "acme", batch: false };

/** Slots that can be taken at once, a hundred at most. */
function taken(take: () => Slot | null): number {
  let slots = 0;
  while (slots < 100 && take() !== null) slots++;
  return slots;
}

describe("the limits that are set", () => {
  const table = [
    ["calls at once", { maxConcurrent: 9 }, 1, 9],
    ["calls at once, a share of them", { maxConcurrent: 9 }, 2, 4],
    ["requests a minute", { requestsPerMinute: 9 }, 1, 9],
    ["requests a minute, a share of them", { requestsPerMinute: 9 }, 4, 2],
    ["tokens a minute", { tokensPerMinute: 950 }, 1, 9],
    ["tokens a minute, a share of them", { tokensPerMinute: 950 }, 3, 3],
    ["a limit lower than the number of processes: one each", { requestsPerMinute: 2 }, 5, 1],
    ["none: as many as the process takes", {}, 7, 20],
    ["more than the process takes", { maxConcurrent: 90 }, 1, 20],
  ] as const;
  for (const [name, limits, processes, expected] of table) {
    test(`${name}: ${expected}`, () => {
      const capacity = capacityOf({ limitsOf: () => limits, processes: () => processes, maxConcurrent: 20 });
      assert.equal(
        taken(() => capacity.tryTake(call)),
        expected,
      );
    });
  }

  test("follow the number of processes as it changes", () => {
    let processes = 2;
    const capacity = capacityOf({ limitsOf: () => ({ requestsPerMinute: 10 }), processes: () => processes });
    const take = () => capacity.tryTake(call);
    assert.equal(taken(take), 5);
    processes = 1;
    assert.equal(taken(take), 5);
  });
});

test("each provider's model has its own", () => {
  const capacity = capacityOf({ maxConcurrent: 1 });
  const models = [call, { ...call, model: "gpt-4o-mini" }, { ...call, provider: "anthropic" }];
  assert.deepEqual(
    models.map((model) => taken(() => capacity.tryTake(model))),
    [1, 1, 1],
  );
  assert.ok(capacity.waitMs({ ...call, model: "another" }) === 0);
  assert.deepEqual(
    capacity.gates().map(({ target, gate }) => `${target.provider}/${target.model} ${gate.inFlight}/${gate.limit}`),
    ["openai/gpt-4o 1/1", "openai/gpt-4o-mini 1/1", "anthropic/gpt-4o 1/1", "openai/another 0/1"],
  );
});
