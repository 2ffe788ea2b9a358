/** Which kind gives its name and its action where several meet, and what is left alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CustomEntity, PiiAction } from "../../../schemas/control/harness-definition.ts";
import { fold } from "../text/fold.ts";
import { findPersonalData, needsKey, privacyRules } from "./find-personal-data.ts";

interface Policy {
  readonly entities: Record<string, PiiAction>;
  readonly custom?: readonly Partial<CustomEntity>[];
}

function rulesOf({ entities, custom = [] }: Policy) {
  return privacyRules({ entities, custom: custom.map(customOf), failMode: "closed" });
}

function customOf(given: Partial<CustomEntity>): CustomEntity {
  return { name: "ours", pattern: "ours", action: "redact", severity: "medium", context: [], ...given };
}

function found(text: string, policy: Policy): string[] {
  return findPersonalData(fold(text), rulesOf(policy)).map(
    ({ entity, action, start, end }) => `${entity} ${action} ${text.slice(start, end)}`,
  );
}

const card = "4111111111111111";
const cases: readonly [what: string, text: string, policy: Policy, expected: string[]][] = [
  [
    "each kind with its action",
    `Card ${card}, SSN 536-90-4399, mail ann@example.com.`,
    { entities: { card: "mask", ssn: "block", email: "allow" } },
    [`card mask ${card}`, "ssn block 536-90-4399", "email allow ann@example.com"],
  ],
  [
    "only kinds that have an action",
    `Card ${card}, mail ann@example.com`,
    { entities: { email: "hash" } },
    ["email hash ann@example.com"],
  ],
  [
    "a guarded value within one that is let through, as sure as it",
    `Write to ${card}@example.com`,
    { entities: { card: "block", email: "allow" } },
    [`card block ${card}@example.com`],
  ],
  [
    "the harness's own kind beside the others",
    "E-123456 or ann@example.com",
    { entities: { email: "redact" }, custom: [{ name: "employeeId", pattern: "\\be-\\d{6}\\b", action: "hash" }] },
    ["employeeId hash E-123456", "email redact ann@example.com"],
  ],
  [
    "the stricter action where its own kind meets another",
    "ann@corp.example",
    { entities: { email: "redact" }, custom: [{ name: "staff", pattern: "@corp.example\\b", action: "block" }] },
    ["staff block ann@corp.example"],
  ],
  [
    "a stricter built-in kind under its own that is let through",
    "help@corp.example",
    { entities: { email: "redact" }, custom: [{ name: "desk", pattern: "help@corp.example", action: "allow" }] },
    ["email redact help@corp.example"],
  ],
  [
    "nothing in placeholders and tokens",
    "[CARD] [EMAIL:8f3a21c04d7e] [SSN_1] [OURS_2]",
    { entities: {}, custom: [{ pattern: "card|email|ssn|ours" }] },
    [],
  ],
  [
    "what a made-up placeholder would hide",
    "[4111111111111111] [X:411111111111111a]",
    { entities: { card: "redact" } },
    [`card redact ${card}`],
  ],
];
for (const [what, text, policy, expected] of cases) {
  test(`finds ${what}`, () => assert.deepEqual(found(text, policy), expected));
}

const encoded: readonly [what: string, text: string, expected: string[]][] = [
  ["percent escapes", "Write to ann%40example.com now", ["email ann%40example.com percent"]],
  ["entities of HTML", "ann&#64;example.com", ["email ann&#64;example.com entities"]],
  ["base64", `Data ${btoa("mail ann@example.com today")} end`, [`email ${btoa("mail ann@example.com today")} base64`]],
  [
    "a link's fields",
    "https://x.test/?mail=ann%40example.com&card=4111%201111%201111%201111",
    ["email ann%40example.com percent", "card 4111%201111%201111%201111 percent"],
  ],
  ["nothing beside a code", "50%20off ann@example.com", ["email ann@example.com undefined"]],
];
for (const [what, text, expected] of encoded) {
  test(`reads ${what}, and finds the whole that is encoded`, () => {
    const rules = rulesOf({ entities: { email: "redact", card: "redact" } });
    assert.deepEqual(
      findPersonalData(fold(text), rules).map(
        ({ entity, start, end, how }) => `${entity} ${text.slice(start, end)} ${how?.join()}`,
      ),
      expected,
    );
  });
}

test("many encoded values are found in time linear in the text", () => {
  const rules = rulesOf({ entities: { email: "redact" } });
  const time = (count: number): number => {
    const text = fold("ann%40example.com ".repeat(count));
    const samples = Array.from({ length: 4 }, () => {
      const from = process.cpuUsage();
      assert.equal(findPersonalData(text, rules).length, count);
      return process.cpuUsage(from).user;
    });
    return Math.max(1, Math.min(...samples));
  };
  time(4000);
  assert.ok(time(16_000) < 40 * time(2000));
});

test("a policy is compiled once", () => {
  const knobs = { entities: { card: "redact" as const }, custom: [], failMode: "closed" as const };
  assert.equal(privacyRules(knobs), privacyRules(knobs));
});

test("an entity that this version does not know, or that has no name, is nothing to look for", () => {
  assert.deepEqual(found(card, { entities: { futureThing: "block" } }), []);
});

test("a custom pattern that cannot be compiled is an error: the guard then did not run", () => {
  assert.throws(() => rulesOf({ entities: {}, custom: [{ name: "bad", pattern: "a+" }] }), /custom entity bad/);
});

const keyed: readonly [action: PiiAction, expected: boolean][] = [
  ["allow", false],
  ["mask", false],
  ["redact", false],
  ["block", false],
  ["hash", true],
  ["pseudonymise", true],
];
for (const [action, expected] of keyed) {
  test(`${action} ${expected ? "needs a key" : "needs none"}`, () => {
    assert.equal(needsKey({ entities: { card: action }, custom: [], failMode: "closed" }), expected);
    assert.equal(needsKey({ entities: {}, custom: [customOf({ action })], failMode: "closed" }), expected);
  });
}
