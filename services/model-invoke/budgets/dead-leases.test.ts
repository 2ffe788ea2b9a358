import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallFinished, CallStarted } from "../../../schemas/records/call.ts";
import { finishedCall, noon, startedCall } from "../../../test/support/ledger-records.ts";
import { nothing } from "../../budgets/amount.ts";
import type { OpenLease } from "../../budgets/lease-book.ts";
import { Decimal } from "../../pricing/usd.ts";
import { DeadLeases } from "./dead-leases.ts";

function leaseOf(worker: string, leaseId = `lease-of-${worker}`): OpenLease {
  const held = { usd: new Decimal(1), tokens: 0 };
  return { leaseId, worker, budgetId: "client=acme/day", askedAtMs: noon, spent: nothing, held };
}

interface Scene {
  readonly leases: readonly OpenLease[];
  readonly journal?: readonly (CallStarted | CallFinished | string)[];
  /** Who the group knows, look by look; the last goes on. */
  readonly alive: readonly (readonly string[])[];
  readonly worker?: string;
}

/** What is told after so many looks: `lease spent-usd/spent-tokens closed`. */
async function toldAfter(looks: number, { leases, journal = [], alive, worker = "a" }: Scene): Promise<string[]> {
  const told: string[] = [];
  let look = 0;
  const dead = new DeadLeases({
    worker,
    openLeases: () => leases,
    liveClientIds: () => Promise.resolve(new Set(alive[Math.min(look, alive.length - 1)])),
    tell: (_, { leaseId, spent, closed }) => {
      told.push(`${leaseId} ${spent.usd.toString()}/${spent.tokens} ${closed ? "closed" : "open"}`);
      return Promise.resolve();
    },
    log: {
      offsets: () => Promise.resolve(new Map([[0, { low: 0n, high: BigInt(journal.length) }]])),
      offsetAt: () => Promise.resolve(0n),
      read: ({ onRecord }) => {
        for (const [at, call] of journal.entries()) {
          const value = Buffer.from(typeof call === "string" ? call : JSON.stringify(call));
          onRecord({ partition: 0, offset: BigInt(at), timestampMs: noon, value });
        }
        return Promise.resolve();
      },
    },
  });
  for (; look < looks; look++) await dead.look();
  return told;
}

const ofB = { lease_ids: ["lease-of-b"] };

test("the lease of a process that is gone at two looks is settled with what its calls cost, an unfinished one at its worst", async () => {
  const journal = [
    startedCall(1, ofB),
    finishedCall(1, { ...ofB, cost_usd: "0.002" }),
    startedCall(2, { ...ofB, cost_high_usd: "0.005", input_tokens_estimate: 100, max_output_tokens: 500 }),
    startedCall(3, { lease_ids: ["lease-of-a"] }),
    startedCall(4),
    "not a record",
  ];
  const scene = { leases: [leaseOf("b")], journal, alive: [["a"]] };
  assert.deepEqual(await toldAfter(1, scene), [], "once may be a group that is just changing");
  assert.deepEqual(await toldAfter(2, scene), ["lease-of-b 0.007/740 closed"]);
});

test("a finish read before its start counts once", async () => {
  const journal = [finishedCall(1, { ...ofB, cost_usd: "0.002" }), startedCall(1, ofB)];
  const told = await toldAfter(2, { leases: [leaseOf("b")], journal, alive: [["a"]] });
  assert.deepEqual(told, ["lease-of-b 0.002/140 closed"]);
});

test("what the process had told of itself is not taken back", async () => {
  const told = { ...leaseOf("b"), spent: { usd: new Decimal("0.5"), tokens: 10 } };
  assert.deepEqual(await toldAfter(2, { leases: [told], alive: [["a"]] }), ["lease-of-b 0.5/10 closed"]);
});

const quiet: readonly [string, Scene][] = [
  ["of living processes", { leases: [leaseOf("b")], alive: [["a", "b"]] }],
  ["of a process that comes back between two looks", { leases: [leaseOf("b")], alive: [["a"], ["a", "b"]] }],
  ["of its own", { leases: [leaseOf("a")], alive: [["a"]] }],
  ["when another of the living is the first by name", { leases: [leaseOf("c")], alive: [["a", "b"]], worker: "b" }],
];
for (const [name, scene] of quiet) {
  test(`nothing is settled of leases ${name}`, async () => assert.deepEqual(await toldAfter(2, scene), []));
}
