/**
 * Journeys of what is given to callers with options: values of pseudonyms and
 * leaks in the arguments of tools, answers that call tools under review, JSON
 * by a caller's schema; with records delivered twice and output-validate killed
 * between its writes. The stand-in draws a tool's arguments from the user's words.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FaultRule } from "../../infra/embedded/stand-in/fault-rules.ts";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { CallOptions } from "../../schemas/parts/call-options.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { reviewHeld, type ReviewDecided } from "../../schemas/records/review.ts";
import { knobsWith, sampleHarness, type DefinitionChanges } from "../support/sample-definition.ts";
import { providedByStandIn } from "../support/provided-by-stand-in.ts";
import { resultsIn } from "./books.ts";
import { digest, published } from "./harnesses.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { inOrderOnce, Pipeline, type Schedule } from "./pipeline.ts";
import { allStages } from "./stages.ts";

const { standIn, providers } = await providedByStandIn();

const address = "ann.miller@harbour.example";
const room = {
  name: "book_room",
  parameters: { type: "object", required: ["guest"], properties: { guest: { type: "string" } } },
};
const concierge = sampleHarness({
  name: "concierge",
  input: { schema: { type: "object", properties: { turns: { type: "array" } }, required: ["turns"] } },
  prompt: { system: "Help the guest.", user: "", messages: "turns" },
  output: { format: "text", maxTokens: 200 },
  models: digest.models,
  callers: { instructions: true, tools: true, outputSchema: true, sampling: true },
});

interface Journey {
  readonly content?: string;
  readonly options?: CallOptions;
  readonly knobs?: DefinitionChanges["knobs"];
  readonly review?: HarnessDefinition["review"];
  readonly rules?: readonly FaultRule[];
  readonly schedule?: Partial<Schedule>;
  readonly decide?: Pick<ReviewDecided, "decision" | "output">;
}

const runId = "0199d000-0000-7000-8000-000000000001";

async function journey({ content = `book_room Guest: ${address}\n`, options, knobs = {}, ...more }: Journey) {
  const { review, rules = [], schedule = {}, decide } = more;
  await standIn.script({ rules: [...rules] });
  const harness = { ...concierge, knobs: knobsWith(knobs), ...(review === undefined ? {} : { review }) };
  const definitions = published([harness]);
  const pipeline = new Pipeline(allStages({ providers, ledger: new MemoryLedger(), definitions }));
  const input = { turns: [{ role: "user", content }] };
  const asked = options ?? { tools: [room] };
  pipeline.publish("any", { run_id: runId, harness: harness.name, client_id: "acme", input, options: asked });
  await pipeline.run({ ...inOrderOnce, ...schedule });
  const held = pipeline.log.values("harness-reviews").map((value) => reviewHeld.parse(value));
  if (decide !== undefined) {
    const decision = { kind: "review.decided", run_id: runId, decision_id: "d", decided_at_ms: Date.now(), ...decide };
    const value = Buffer.from(JSON.stringify(decision));
    pipeline.log.append({ topic: "harness-reviews", key: runId, value, headers: {} });
    await pipeline.run({ ...inOrderOnce, ...schedule });
  }
  pipeline.end();
  const [result] = resultsIn(pipeline.log);
  const sent = JSON.stringify(pipeline.log.values("harness-calls"));
  return { result, held, sent, deaths: pipeline.deaths };
}

function guestsOf(result: RunResult | undefined): readonly unknown[] {
  const calls = result?.tool_calls;
  return calls !== undefined && "plain" in calls ? calls.plain.map(({ arguments: given }) => given["guest"]) : [];
}

const pseudonyms = { pii: { entities: { email: "pseudonymise" } }, leaks: { personalData: "off" } } as const;
const allowed = { pii: { entities: { email: "allow" } } } as const;

test("what a pseudonym stands for is back in the arguments, and never left", async () => {
  const { result, sent } = await journey({ knobs: pseudonyms });
  assert.deepEqual([result?.status, guestsOf(result), result?.values_restored], ["ok", [address], 1]);
  assert.ok(!sent.includes(address));
});

test("personal data of the input in the arguments is asked for again, and given to nobody at last", async () => {
  const { result } = await journey({ knobs: { ...allowed, leaks: { personalData: "retry" } } });
  assert.deepEqual([result?.status, result?.tool_calls, result?.attempts], ["failed_validation", undefined, 3]);
  assert.deepEqual(
    result?.reasons.map(({ attempt, code, path }) => `${attempt} ${code} ${path}`),
    [1, 2, 3].map((attempt) => `${attempt} leak.pii.email /tool_calls/0/arguments/guest`),
  );
});

const review = { when: "found", timeoutMs: 60_000, onTimeout: "reject" } as const;
const reviewed = { knobs: { ...allowed, leaks: { personalData: "review" } }, review } as const;
const endings: readonly (readonly [what: string, decide: NonNullable<Journey["decide"]>, ...expected: unknown[]])[] = [
  ["approved", { decision: "approve" }, "released", { plain: "" }, [address]],
  ["edited", { decision: "edit", output: { plain: "One moment." } }, "released", { plain: "One moment." }, [address]],
  ["rejected", { decision: "reject" }, "rejected", undefined, []],
];
for (const [what, decide, ...expected] of endings) {
  test(`calls of tools are held for a person: ${what}`, async () => {
    const { result, held } = await journey({ ...reviewed, decide });
    assert.deepEqual(
      held.map(({ excerpts }) => "plain" in excerpts && excerpts.plain),
      [[{ rule: "leak.pii.email", field: "tool_calls/0/arguments/guest", claim: address }]],
    );
    assert.deepEqual([result?.status, result?.output, guestsOf(result)], expected);
  });
}

const schema = {
  type: "object",
  required: ["nights"],
  properties: { nights: { type: "integer" } },
  additionalProperties: false,
};
for (const kind of ["broken_json", "wrong_schema"] as const) {
  test(`JSON by a caller's schema, ${kind} at first, is asked for again`, async () => {
    const { result } = await journey({
      content: "How long do we stay?\nNights: 3\n",
      options: { output_schema: schema },
      knobs: { output: { repair: false } },
      rules: [{ match: { first: 1 }, effect: { kind } }],
    });
    assert.deepEqual([result?.status, result?.attempts], ["ok", 2]);
    // Asked again, the stand-in draws its figure from the last thing said: what was wrong.
    assert.deepEqual(result?.output, { plain: { nights: 0 } });
  });
}

test("delivered twice, and with output-validate killed at each of its writes, the same calls come out", async () => {
  for (const death of [0, 1, 2, 3]) {
    const schedule = { copies: 2, deaths: { "output-validate": death === 0 ? [] : [death] } };
    const { result, deaths } = await journey({ knobs: pseudonyms, schedule });
    assert.deepEqual([result?.status, guestsOf(result)], ["ok", [address]]);
    if (death === 1) assert.equal(deaths, 1);
    const decided = await journey({ ...reviewed, schedule, decide: { decision: "approve" } });
    assert.deepEqual([decided.result?.status, guestsOf(decided.result)], ["released", [address]]);
  }
});
