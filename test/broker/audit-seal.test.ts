/**
 * The sealer with real processes on a real broker: killed in the middle of its
 * work, started again, and two that take partitions over from each other. The
 * chain stays whole, with every record once and in its order.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { auditLink } from "../../schemas/audit/chain.ts";
import { judgeChain, type Verdict } from "../../services/audit-chain/judge-chain.ts";
import { linksIn, readLink } from "../../services/audit-chain/read-link.ts";
import { readHead } from "../../services/audit-chain/signed-head.ts";
import { openHeadSigner } from "../../services/runtime/secrets/head-signer.ts";
import type { Emission } from "../../services/runtime/stage.ts";
import { decisionOf, uuid } from "../support/ledger-records.ts";
import { sealingSeed } from "../support/sealed-chain.ts";
import { StageProcesses, type StageProcess } from "../support/stage-processes.ts";

let stages: StageProcesses;
before(async () => {
  stages = await StageProcesses.open();
});
after(() => stages.close());

function start(instance: string): Promise<StageProcess> {
  return stages.start("audit-seal", {
    BREAKWATER_AUDIT_KEY: sealingSeed,
    BREAKWATER_AUDIT_SIGN_INTERVAL_MS: "200",
    BREAKWATER_INSTANCE: instance,
  });
}

let written = 0;

/** Decisions of runs of their own, some of them twice. */
async function decide(count: number): Promise<void> {
  const emissions: Emission[] = [];
  for (let made = 0; made < count; made += 1) {
    written += 1;
    const value = decisionOf(written);
    const emission = { topic: "harness-audit", key: uuid(written), id: value.event_id, type: "test", value } as const;
    emissions.push(emission);
    if (made % 50 === 0) emissions.push(emission);
  }
  await stages.producer.publish(emissions);
}

interface Sealed {
  readonly verdict: Verdict;
  readonly events: readonly string[];
  readonly heads: number;
  /** Links that do not count: repeats. */
  readonly passedOver: number;
}

/** The chain as the topic holds it: per sequence, the first link by offset. */
async function sealed(): Promise<Sealed> {
  const records = await stages.records("harness-audit-chain");
  const values = records.map(({ partition, offset, value }) => ({
    place: `${partition}/${offset}`,
    value: z.unknown().parse(JSON.parse(String(value))),
  }));
  const counted = new Map<string, z.infer<typeof auditLink>>();
  let links = 0;
  for (const { value } of values) {
    for (const link of z.array(auditLink).parse(linksIn(value) ?? [])) {
      links += 1;
      const key = `${link.partition}/${link.sequence}`;
      if (!counted.has(key)) counted.set(key, link);
    }
  }
  const trusted = new Set([openHeadSigner(sealingSeed).publicKey]);
  const chain = [...counted.values()].toSorted((a, b) => a.partition - b.partition || a.sequence - b.sequence);
  const heads = values.map(({ place, value }) => readHead(value, place, trusted)).filter(({ head }) => head !== null);
  const verdict = judgeChain({
    links: chain.map((link) => readLink(link, `${link.partition}/${link.sequence}`)),
    heads,
    first: new Map(),
  });
  return {
    verdict,
    events: chain.map(({ record }) => record.event_id),
    heads: heads.length,
    passedOver: links - counted.size,
  };
}

async function untilSealed(count: number): Promise<Sealed> {
  for (;;) {
    const now = await sealed();
    if (now.events.length >= count) return now;
    await sleep(200);
  }
}

function assertWhole({ verdict, events }: Sealed): void {
  assert.equal(verdict.fault, null);
  const wanted = Array.from({ length: written }, (_, made) => decisionOf(made + 1).event_id);
  assert.deepEqual(events.toSorted(), wanted.toSorted(), "every record once, and no other");
}

test("killed -9 in between and started again, over and over, it neither repeats nor skips", async () => {
  for (let round = 0; round < 3; round += 1) {
    const sealer = await start("one");
    await decide(150);
    while ((await sealed()).events.length < written - 145) await sleep(20);
    await sealer.kill();
    await decide(60);
  }
  const sealer = await start("one");
  assertWhole(await untilSealed(written));
  assert.equal(await sealer.stop(), 0);
  const { verdict } = await sealed();
  for (const { last, signedTo } of verdict.ranges) assert.equal(signedTo, last, "a head is signed at the end");
});

test("two take partitions over from each other while records come: one chain", async () => {
  const first = await start("one");
  let isOver = false;
  const coming = (async () => {
    while (!isOver) {
      await decide(40);
      await sleep(20);
    }
  })();
  const second = await start("two");
  await first.stop();
  const third = await start("one");
  await second.kill();
  isOver = true;
  await coming;
  assertWhole(await untilSealed(written));
  // A process that hung for longer than its session finds out that others went on.
  const fourth = await start("two");
  third.signal("SIGSTOP");
  await decide(100);
  await sleep(8000);
  third.signal("SIGCONT");
  await decide(100);
  assertWhole(await untilSealed(written));
  for (const process of [third, fourth]) await process.stop();
  const end = await sealed();
  assertWhole(end);
  assert.ok(end.heads >= 4);
  for (const { anchored, first: from } of end.verdict.ranges) assert.deepEqual([anchored, from], [true, 1]);
});
