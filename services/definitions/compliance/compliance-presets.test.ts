/** The presets as data: every line cites a clause of its scheme, and what they raise they then find kept. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { complianceScheme, policyPreset, type ComplianceScheme } from "../../../schemas/control/harness-definition.ts";
import { wholeHarness } from "../define-harness.ts";
import { presets } from "../presets.ts";
import { compliancePresets, raisedKnobs } from "./compliance-presets.ts";
import { findShortfalls } from "./find-shortfalls.ts";
import { isWeaker, knobValue, valuesFrom } from "./ordered-knobs.ts";

const clauseForms: Readonly<Record<ComplianceScheme, RegExp>> = {
  hipaa: /^45 CFR 164\.\d{3}(?:\([a-z0-9]+\))+(?:\([A-Z]\))?(?:, 164\.\d{3}(?:\([a-z0-9]+\))+)*$/,
  gdpr: /^GDPR Art\. \d+(?:\(\d+\))?(?:\([a-z]\))?(?:, Art\. \d+(?:\(\d+\))?(?:\([a-z]\))?)*$/,
  soc2: /^SOC 2 (?:CC\d\.\d|C1\.\d|PI1\.\d)(?:, (?:CC\d\.\d|C1\.\d))*$/,
  pci: /^PCI DSS 4\.0 req\. \d+\.\d+\.\d+(?:, \d+\.\d+\.\d+)*$/,
};

const author = {
  name: "held",
  input: { schema: { type: "object", properties: { text: { type: "string" } } } },
  prompt: { user: "{{text}}" },
  models: [{ provider: "openai", model: "gpt-4o" }],
};

const ideal = {
  termsOf: () => ({
    address: "https://api.example.com",
    region: "de",
    agreements: ["baa", "dpa", "pci_aoc", "soc2_report"] as const,
  }),
  decisionsKeptDays: Infinity,
  contentKeptDays: 30,
  requestsKeptDays: 1,
};

for (const scheme of complianceScheme.options) {
  const { lines } = compliancePresets[scheme];

  test(`${scheme}: every line cites a clause and says in words what it is about`, () => {
    for (const { clause, serves } of lines) {
      assert.match(clause, clauseForms[scheme]);
      assert.match(serves, /^[A-Za-z].{5,}[^.]$/, clause);
    }
  });

  test(`${scheme}: no kind of personal data and no knob is asked for twice`, () => {
    const named = lines.flatMap(({ demand }): readonly string[] => {
      if (demand.kind === "entities") return demand.entities;
      return demand.kind === "knob" ? [demand.knob] : [];
    });
    assert.deepEqual(named, [...new Set(named)]);
  });

  for (const policy of policyPreset.options) {
    test(`a harness of policy ${policy} that names ${scheme} and writes nothing over it keeps every line`, () => {
      const definition = wholeHarness({ ...author, policy, compliance: [scheme] });
      assert.deepEqual(findShortfalls(scheme, definition, ideal), []);
    });
  }
}

test("raising takes the strictest of all schemes and never lowers a knob", () => {
  const schemes = complianceScheme.options;
  for (const policy of policyPreset.options) {
    const before = presets[policy].knobs;
    const after = raisedKnobs(schemes, before);
    for (const { demand } of schemes.flatMap((scheme) => compliancePresets[scheme].lines)) {
      if (demand.kind !== "knob") continue;
      const value = knobValue(after, demand.knob);
      assert.ok(valuesFrom(demand.knob, demand.atLeast).includes(value), `${policy} ${demand.knob} ${value}`);
      assert.ok(!isWeaker(demand.knob, value, knobValue(before, demand.knob)), `${policy} ${demand.knob} was lowered`);
    }
  }
  assert.deepEqual(raisedKnobs([], presets.minimal.knobs), presets.minimal.knobs);
});
