import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ask } from "./ask.ts";
import { faultScript, openFaultRules } from "./fault-rules.ts";

const ask: Ask = {
  provider: "openai",
  model: "gpt-4o",
  text: "text",
  system: "system",
  prompt: "system\ntext of the prompt",
  inputTokens: 5,
  maxTokens: 10,
  jsonSchema: undefined,
  tools: null,
  stream: false,
  streamUsage: false,
};

/** Which of `calls` like calls a rule with this match hits, by their number. */
function hitsOf(match: object, calls: number, of: Ask = ask): number[] {
  const rules = openFaultRules(faultScript.parse({ rules: [{ match, effect: { kind: "hang" } }] }));
  return Array.from({ length: calls }, (_, index) => index + 1).filter(() => rules.judge(of, "k").effect !== null);
}

const table: readonly (readonly [name: string, match: object, hits: readonly number[]])[] = [
  ["no condition hits every call", {}, [1, 2, 3, 4, 5]],
  ["another provider's rule hits none", { provider: "anthropic" }, []],
  ["another model's rule hits none", { model: "gpt-4o-mini" }, []],
  ["the text is looked for in the whole prompt", { textIncludes: "system" }, [1, 2, 3, 4, 5]],
  ["a text that is not there", { textIncludes: "elsewhere" }, []],
  ["the first two", { first: 2 }, [1, 2]],
  ["all but the first three", { after: 3 }, [4, 5]],
  ["two after the first", { after: 1, first: 2 }, [2, 3]],
  ["the fourth", { nth: 4 }, [4]],
  ["a share of none", { share: 0 }, []],
  ["a share of all", { share: 1 }, [1, 2, 3, 4, 5]],
];
for (const [name, match, hits] of table) test(name, () => assert.deepEqual(hitsOf(match, 5), hits));

test("a share is drawn by its seed: the same seed hits the same calls, another seed others", () => {
  const drawn = hitsOf({ share: 0.2, seed: 7 }, 2000);
  assert.deepEqual(drawn, hitsOf({ share: 0.2, seed: 7 }, 2000));
  assert.notDeepEqual(drawn, hitsOf({ share: 0.2, seed: 8 }, 2000));
  assert.ok(drawn.length > 300 && drawn.length < 500);
});

test("latencies add up, usage goes along, and the first other effect decides", () => {
  const rules = openFaultRules(
    faultScript.parse({
      latencyMs: 5,
      rules: [
        { effect: { kind: "latency", ms: 10 } },
        { effect: { kind: "refusal" } },
        { effect: { kind: "usage", reasoningTokens: 3 } },
        { effect: { kind: "hang" } },
        { effect: { kind: "latency", ms: 20 } },
        { effect: { kind: "pace", ms: 7 } },
      ],
    }),
  );
  assert.deepEqual(rules.judge(ask, "k"), {
    latencyMs: 35,
    paceMs: 7,
    released: null,
    usage: { kind: "usage", reasoningTokens: 3 },
    effect: { kind: "refusal" },
  });
});

test("a held call goes on when another script is given", async () => {
  const rules = openFaultRules(faultScript.parse({ rules: [{ match: { after: 1 }, effect: { kind: "held" } }] }));
  assert.equal(rules.judge(ask, "k").released, null);
  const { released } = rules.judge(ask, "k");
  assert.ok(released instanceof Promise);
  assert.equal(await Promise.race([released.then(() => "released"), Promise.resolve("held")]), "held");
  rules.replace(faultScript.parse({ rules: [] }));
  await released;
  assert.equal(rules.judge(ask, "k").released, null);
});

test("a new script counts anew and keeps the base latency unless it names one", () => {
  const rules = openFaultRules(faultScript.parse({ latencyMs: 5, rules: [{ effect: { kind: "hang" } }] }));
  rules.judge(ask, "k");
  assert.equal(rules.show().rules[0]?.matched, 1);
  rules.replace(faultScript.parse({ rules: [{ effect: { kind: "reset" } }] }));
  assert.deepEqual(rules.show(), { latencyMs: 5, rules: [{ match: {}, effect: { kind: "reset" }, matched: 0 }] });
});

test("a script with a slip in it is refused, not half applied", () => {
  assert.equal(faultScript.safeParse({ rules: [{ effect: { kind: "latency", seconds: 3 } }] }).success, false);
  assert.equal(faultScript.safeParse({ rules: [{ match: { firts: 1 }, effect: { kind: "hang" } }] }).success, false);
});
