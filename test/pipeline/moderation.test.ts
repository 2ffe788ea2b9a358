/**
 * Answers that a provider's moderation is asked about, through all stages and
 * the real SDK: what is asked, what follows, what the books say, and what an
 * outage or a crash makes of it.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { FaultEffect, FaultRule } from "../../infra/embedded/stand-in/fault-rules.ts";
import { decisionsIn } from "../support/audited-decisions.ts";
import { callRecord } from "../../schemas/records/call.ts";
import { openProviders, type Providers } from "../../services/providers/call-provider.ts";
import { knobsWith } from "../support/sample-definition.ts";
import { startTestStandIn, type TestStandIn } from "../support/stand-in.ts";
import { chargedUsd, deadLettersIn, resultsIn } from "./books.ts";
import { digest, published } from "./harnesses.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { inOrderOnce, Pipeline, type Schedule } from "./pipeline.ts";
import { allStages } from "./stages.ts";

let standIn: TestStandIn;
const open: { readonly pipeline: Pipeline; readonly providers: Providers }[] = [];

before(async () => {
  standIn = await startTestStandIn();
});
afterEach(() => {
  for (const { pipeline, providers } of open.splice(0)) {
    pipeline.end();
    providers.close();
  }
});
after(() => standIn.stop());

const moderator = { provider: "openai", model: "omni-moderation-latest" };
const help = "You are not alone: call 988.";
const document = "Rope sales rose by a third, and anchors were stable.";
const certainly: FaultEffect = { kind: "toxic", category: "self_harm" };
const perhaps: FaultEffect = { kind: "toxic", category: "sexual" };

interface Given {
  readonly content?: NonNullable<Parameters<typeof knobsWith>[0]>["content"];
  /** What the models answer; absent: a summary. */
  readonly answer?: FaultEffect;
  /** What becomes of the moderation. */
  readonly moderation?: FaultEffect;
  readonly schedule?: Schedule;
}

/** One run, and what topics, ledger and the provider's own books say of it. */
async function run({ content = {}, answer, moderation, schedule = inOrderOnce }: Given) {
  const rules: FaultRule[] = [];
  if (moderation !== undefined) rules.push({ match: { model: moderator.model }, effect: moderation });
  if (answer !== undefined) rules.push({ match: { textIncludes: "Summarise" }, effect: answer });
  await standIn.script({ rules });
  const knobs = knobsWith({ ...digest.knobs, content: { moderation: "always", ...content } });
  const definition = { ...digest, knobs, moderation: moderator, helpAnswer: help };
  const providers = openProviders(standIn.environment);
  const ledger = new MemoryLedger();
  const pipeline = new Pipeline(allStages({ providers, ledger, definitions: published([definition]) }));
  open.push({ pipeline, providers });
  const served = standIn.calls().length;
  pipeline.publish("any", { harness: definition.name, client_id: "acme", input: { document } });
  await pipeline.run(schedule);
  const [result, ...others] = resultsIn(pipeline.log);
  assert.ok(result !== undefined && others.length === 0, "one run, one result");
  const audits = decisionsIn(pipeline.log);
  const guards = audits.flatMap((audit) => (audit.stage === "output-validate" ? audit.guards : []));
  const journal = pipeline.log.values("harness-calls").map((value) => callRecord.parse(value));
  return {
    result,
    report: guards.findLast(({ guard }) => guard === "moderation"),
    moderations: journal.filter(({ purpose }) => purpose === "moderation"),
    rows: [...ledger.calls.values()].filter(({ purpose }) => purpose === "moderation"),
    calls: standIn.calls().slice(served),
    ledger,
    letters: deadLettersIn(pipeline.log),
    deaths: pipeline.deaths,
  };
}

test("a good answer is judged once, and the ledger has that call at no cost", async () => {
  const { result, report, rows, calls, ledger, letters } = await run({});
  assert.deepEqual([result.status, report?.verdict, letters], ["ok", "passed", []]);
  assert.equal(rows.length, 1);
  const [row] = rows;
  assert.deepEqual(
    [row?.model, row?.outcome, row?.cost_usd, row?.input_tokens, row?.settles],
    ["omni-moderation-latest", "ok", "0", null, false],
  );
  assert.deepEqual(
    calls.map(({ model, call_id }) => [model, ledger.calls.has(call_id ?? "")]),
    [
      ["gpt-4o", true],
      ["omni-moderation-latest", true],
    ],
  );
  assert.deepEqual([ledger.costUsd, result.spent.cost_usd, result.spent.calls], [chargedUsd(calls), ledger.costUsd, 2]);
});

describe("what is flagged is treated as the policy says of its kind", () => {
  test("the declared answer", async () => {
    const { result, report } = await run({ moderation: { kind: "flags", categories: ["sexual"], score: 0.9 } });
    assert.deepEqual([result.status, result.output], ["degraded", { plain: digest.fallbackAnswer }]);
    assert.deepEqual([report?.verdict, result.reasons[0]?.code], ["blocked", "moderation.sexual"]);
  });

  test("the help text, for self-harm", async () => {
    const { result } = await run({ moderation: { kind: "flags", categories: ["self_harm"], score: 0.9 } });
    assert.deepEqual([result.status, result.output], ["degraded", { plain: help }]);
  });

  test("another try, with a moderation of its own", async () => {
    const { result, moderations } = await run({
      content: { violence: "retry" },
      moderation: { kind: "flags", categories: ["violence"], score: 0.9 },
    });
    assert.deepEqual([result.status, result.attempts, result.spent.calls], ["failed_validation", 3, 6]);
    assert.deepEqual(
      moderations.filter(({ kind }) => kind === "call.finished").map(({ attempt }) => attempt),
      [1, 2, 3],
    );
  });

  test("a note", async () => {
    const { result, report } = await run({ moderation: { kind: "flags", categories: ["violence"], score: 0.9 } });
    assert.deepEqual([result.status, report?.verdict], ["ok", "flagged"]);
  });
});

describe("asked where the guard here is not sure", () => {
  const content = { moderation: "uncertain" } as const;

  test("what it suspects and moderation flags is held back", async () => {
    const { result, report } = await run({ content, answer: perhaps });
    assert.deepEqual([result.status, report?.verdict], ["degraded", "blocked"]);
  });

  test("what moderation clears goes out, noted", async () => {
    const { result, report, moderations } = await run({
      content,
      answer: perhaps,
      moderation: { kind: "flags", categories: [], score: 0.9 },
    });
    assert.deepEqual([result.status, report?.verdict, moderations.length], ["ok", "passed", 2]);
  });

  test("of what it is sure nobody is asked", async () => {
    const { result, moderations } = await run({ content, answer: certainly });
    assert.deepEqual([result.status, result.output, moderations], ["degraded", { plain: help }, []]);
    assert.match(result.reasons[0]?.code ?? "", /^content\.self_harm/);
  });

  test("nor of an answer in which it finds nothing", async () => {
    const { result, moderations } = await run({ content });
    assert.deepEqual([result.status, moderations], ["ok", []]);
  });
});

describe("when the moderation is out", () => {
  const outages: readonly (readonly [name: string, effect: FaultEffect, code: string])[] = [
    ["it has no room", { kind: "status", status: 503 }, "overloaded"],
    ["it takes no key", { kind: "status", status: 401 }, "unauthorized"],
    ["it answers nonsense", { kind: "not_json_body" }, "malformed"],
  ];
  for (const [name, moderation, code] of outages) {
    test(`${name}: open gives the answer out as not judged`, async () => {
      const { result, report, rows } = await run({ moderation });
      assert.deepEqual([result.status, report?.verdict, report?.detail], ["ok", "not_run", code]);
      assert.deepEqual([rows.length, rows[0]?.outcome, rows[0]?.cost_usd], [1, code, "0"]);
    });

    test(`${name}: closed gives the declared answer`, async () => {
      const { result, report } = await run({ content: { moderationFailMode: "closed" }, moderation });
      assert.deepEqual([result.status, result.output], ["degraded", { plain: digest.fallbackAnswer }]);
      assert.deepEqual([report?.verdict, result.reasons[0]?.code], ["not_run", "moderation_not_run"]);
    });
  }
});

describe("output-validate dies at each of its writes", () => {
  for (const write of [1, 2, 3, 4]) {
    test(`write ${write}: one result, and every call that left is in the books`, async () => {
      const schedule = { ...inOrderOnce, deaths: { "output-validate": [write] } };
      const { result, calls, ledger, rows, deaths } = await run({ schedule });
      assert.equal(deaths, 1);
      assert.deepEqual([result.status, ledger.costUsd], ["ok", chargedUsd(calls)]);
      assert.ok(calls.every(({ call_id }) => ledger.calls.has(call_id ?? "")));
      const asked = calls.filter(({ model }) => model === moderator.model).length;
      const orphans = rows.filter(({ version }) => version === 1);
      assert.equal(rows.length, asked);
      assert.equal(orphans.length, write === 2 ? 1 : 0);
      assert.ok(orphans.every(({ cost_low_usd, cost_high_usd }) => cost_low_usd === "0" && cost_high_usd === "0"));
    });
  }
});
