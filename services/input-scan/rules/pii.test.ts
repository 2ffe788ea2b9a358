/** What the guard reports and replaces over all texts of an input, and that it never says a value. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CustomEntity, PiiAction, PolicyKnobs } from "../../../schemas/control/harness-definition.ts";
import type { Tokeniser } from "../../guards/privacy/cryptography.ts";
import { GuardUnavailable } from "../policy.ts";
import { readTexts, replaceTexts } from "./texts/input-texts.ts";
import { scanPii, type PiiOutcome } from "./pii.ts";

const tokeniser: Tokeniser = { tokenOf: ({ clientId }, value) => `${clientId}${value.length}`.padEnd(12, "a") };
const declared: ReadonlySet<string> = new Set(["text", "note", "number", "list"]);

function knobsOf(entities: Record<string, PiiAction>, custom: CustomEntity[] = []): PolicyKnobs["pii"] {
  return { entities, custom, failMode: "closed" };
}

function scanned(input: Record<string, unknown>, knobs: PolicyKnobs["pii"]) {
  const outcome = scanPii(readTexts(input, declared), knobs, { clientId: "c", tokeniser });
  return { ...outcome, input: replaceTexts(input, { declared, replacements: outcome.replacements }) };
}

const findings = ({ report }: PiiOutcome) =>
  report.findings.map(
    ({ rule, severity, confidence, action, field, span }) =>
      `${rule} ${severity} ${confidence} ${action} ${field} ${span?.start}-${span?.end}`,
  );

test("a finding says rule, severity, confidence, action, field and span, and never the value", () => {
  const outcome = scanned(
    { text: "ann@example.com and 4111 1111 1111 1111", note: "SSN 536-90-4399" },
    knobsOf({ email: "mask", card: "hash", ssn: "redact" }),
  );
  assert.deepEqual(findings(outcome), [
    "pii.email medium validated mask /text 0-15",
    "pii.card high validated hash /text 20-39",
    "pii.ssn high validated redact /note 4-15",
  ]);
  assert.equal(outcome.report.verdict, "redacted");
  assert.equal(outcome.report.detail, "email: 1 mask, card: 1 hash, ssn: 1 redact");
  assert.doesNotMatch(JSON.stringify([outcome.report, outcome.reasons]), /ann@|4111|536-90/);
  assert.deepEqual(outcome.input, { text: "a***@example.com and [CARD:c16aaaaaaaaa]", note: "SSN [SSN]" });
});

test("one value has one pseudonym over all fields, in numbers and in keys", () => {
  const outcome = scanned(
    {
      text: "ann@example.com, bob@example.com",
      note: "bob@example.com",
      number: 4111111111111111,
      list: [{ "ann@example.com": 1 }],
    },
    knobsOf({ email: "pseudonymise", card: "pseudonymise" }),
  );
  assert.deepEqual(outcome.input, {
    text: "[EMAIL_1], [EMAIL_2]",
    note: "[EMAIL_2]",
    number: "[CARD_1]",
    list: [{ "[EMAIL_1]": 1 }],
  });
  assert.deepEqual(
    [...outcome.pseudonyms],
    [
      ["[EMAIL_1]", "ann@example.com"],
      ["[EMAIL_2]", "bob@example.com"],
      ["[CARD_1]", "4111111111111111"],
    ],
  );
});

test("a pseudonym that stands in any text of the input is not given out", () => {
  const outcome = scanned({ text: "ann@example.com", note: "[EMAIL_1]" }, knobsOf({ email: "pseudonymise" }));
  assert.equal(outcome.input["text"], "[EMAIL_2]");
});

const verdicts: readonly [entities: Record<string, PiiAction>, verdict: string, reasons: number][] = [
  [{ email: "allow" }, "flagged", 0],
  [{ email: "mask" }, "redacted", 0],
  [{ email: "block" }, "blocked", 1],
  [{ phone: "block" }, "passed", 0],
  [{}, "passed", 0],
];
for (const [entities, verdict, reasons] of verdicts) {
  test(`by ${JSON.stringify(entities)} an address is ${verdict}`, () => {
    const outcome = scanned({ text: "ann@example.com" }, knobsOf(entities));
    assert.equal(outcome.report.verdict, verdict);
    assert.equal(outcome.reasons.length, reasons);
    assert.equal(outcome.input["text"] === "ann@example.com", verdict === "flagged" || verdict === "passed");
  });
}

test("the harness's own kind has its name, its severity and its reason", () => {
  const custom: CustomEntity = {
    name: "claimNumber",
    pattern: "cl-\\d{6}",
    action: "block",
    severity: "critical",
    context: [],
  };
  const outcome = scanned({ text: "CL-123456" }, knobsOf({}, [custom]));
  assert.deepEqual(findings(outcome), ["pii.claimNumber critical bare block /text 0-9"]);
  assert.equal(outcome.reasons[0]?.message, "holds a value of kind claimNumber, which this harness does not accept");
});

test("a hundred findings are listed, all are counted and replaced", () => {
  const text = Array.from({ length: 250 }, (_, index) => `u${index}@example.com`).join(" ");
  const outcome = scanned({ text }, knobsOf({ email: "redact" }));
  assert.equal(outcome.report.findings.length, 100);
  assert.equal(outcome.report.detail, "email: 250 redact");
  assert.equal(outcome.input["text"], Array.from({ length: 250 }, () => "[EMAIL]").join(" "));
});

test("without a key the guard cannot do what such a policy says, whatever the text", () => {
  for (const action of ["hash", "pseudonymise"] as const) {
    assert.throws(
      () => scanPii([], knobsOf({ email: action }), { clientId: "c", tokeniser: null }),
      (error) => error instanceof GuardUnavailable && /BREAKWATER_SECRET_KEY/.test(error.message),
    );
  }
  assert.equal(scanPii([], knobsOf({ email: "redact" }), { clientId: "c", tokeniser: null }).report.verdict, "passed");
});
