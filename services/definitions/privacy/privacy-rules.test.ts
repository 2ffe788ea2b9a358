/** Compliance schemes, custom entities and keys in a definition: what is resolved, and what is refused with path and rule. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { complianceScheme, policyPreset, type ComplianceScheme } from "../../../schemas/control/harness-definition.ts";
import { piiEntities } from "../../guards/pii/entity.ts";
import { compareStrictness, stricter } from "../../guards/privacy/action-order.ts";
import { wholeHarness } from "../define-harness.ts";
import { presets } from "../presets.ts";
import { floorsOf, raisedBy } from "../compliance/compliance-presets.ts";

const author = {
  name: "private",
  input: { schema: { type: "object", properties: { text: { type: "string" } } }, longField: "text" },
  prompt: { user: "{{text}}" },
  models: [{ provider: "openai", model: "gpt-4o" }],
};

test("every preset has an action for every entity", () => {
  for (const policy of policyPreset.options) {
    assert.deepEqual(
      Object.keys(presets[policy].knobs.pii.entities).toSorted(),
      piiEntities.map(({ entity }) => entity).toSorted(),
    );
  }
});

test("the presets go from strict to minimal: no entity is treated more strictly by a weaker one", () => {
  for (const { entity } of piiEntities) {
    const of = (policy: "strict" | "standard" | "minimal") => presets[policy].knobs.pii.entities[entity] ?? "allow";
    assert.ok(compareStrictness(of("strict"), of("standard")) >= 0, entity);
    assert.ok(compareStrictness(of("standard"), of("minimal")) >= 0, entity);
  }
});

test("of two actions the stricter is the same from either side", () => {
  assert.equal(stricter("allow", "mask"), "mask");
  assert.equal(stricter("block", "redact"), "block");
  assert.equal(stricter("hash", "pseudonymise"), "hash");
});

for (const scheme of complianceScheme.options) {
  test(`${scheme} raises what is weaker than its floor, and leaves the rest`, () => {
    const { knobs, compliance } = wholeHarness({ ...author, policy: "minimal", compliance: [scheme] });
    assert.deepEqual(compliance, [scheme]);
    const floors = new Map(floorsOf(scheme).map(({ entity, action }) => [entity, action]));
    assert.ok(floors.size > 0);
    for (const { entity } of piiEntities) {
      const before = presets.minimal.knobs.pii.entities[entity] ?? "allow";
      assert.equal(knobs.pii.entities[entity], stricter(before, floors.get(entity) ?? "allow"), entity);
    }
  });
}

const raised: readonly [schemes: readonly ComplianceScheme[], entity: string, policy: string, action: string][] = [
  [["hipaa"], "mrn", "minimal", "redact"],
  [["hipaa"], "birthDate", "minimal", "redact"],
  [["hipaa"], "email", "minimal", "redact"],
  [["gdpr"], "email", "minimal", "pseudonymise"],
  [["gdpr"], "email", "standard", "redact"],
  [["pci"], "card", "standard", "block"],
  [["soc2"], "secret", "standard", "block"],
  [["gdpr", "hipaa"], "email", "minimal", "redact"],
  [["pci", "gdpr", "soc2"], "card", "minimal", "block"],
];
for (const [schemes, entity, policy, action] of raised) {
  test(`${schemes.join(" and ")} on ${policy}: ${entity} is ${action}`, () => {
    assert.equal(wholeHarness({ ...author, policy, compliance: schemes }).knobs.pii.entities[entity], action);
  });
}

test("raising never lowers, and asks nothing without a scheme", () => {
  assert.deepEqual(raisedBy([], { email: "allow" }), { email: "allow" });
  assert.equal(raisedBy(["gdpr"], { email: "block" })["email"], "block");
});

test("an author may be stricter than a scheme, or choose among what it leaves open", () => {
  const knobs = { pii: { entities: { email: "block", phone: "hash" } } };
  const { entities } = wholeHarness({ ...author, policy: "minimal", compliance: ["gdpr"], knobs }).knobs.pii;
  assert.equal(entities["email"], "block");
  assert.equal(entities["phone"], "hash");
});

const custom = { name: "employeeId", pattern: "\\be-\\d{6}\\b", action: "hash" };

test("a custom entity needs a name, a pattern and an action; the rest is written out", () => {
  const { pii } = wholeHarness({ ...author, knobs: { pii: { custom: [custom] } } }).knobs;
  assert.deepEqual(pii.custom, [{ ...custom, severity: "medium", context: [] }]);
});

const bad = (more: object) => ({ pii: { custom: [{ ...custom, ...more }] } });
const refused: readonly [what: string, definition: object, error: RegExp][] = [
  [
    "an override weaker than a scheme",
    { compliance: ["pci"], knobs: { pii: { entities: { card: "mask" } } } },
    /\/knobs\/pii\/entities\/card: mask is weaker than block, which pci asks for \(PCI DSS 4\.0 req\. 3\.2\.1, 3\.5\.1\) \(compliance_floor\)/,
  ],
  [
    "a scheme with a guard that fails open",
    { compliance: ["gdpr"], knobs: { pii: { failMode: "open" } } },
    /\/knobs\/pii\/failMode: .*\(compliance_closed\)/,
  ],
  [
    "hash with a guard that fails open",
    { knobs: { pii: { failMode: "open", entities: { email: "hash" } } } },
    /\/knobs\/pii\/failMode: .*\(key_needs_closed\)/,
  ],
  ["an unknown scheme", { compliance: ["iso"] }, /\/compliance\/0/],
  ["an unknown entity", { knobs: { pii: { entities: { fone: "block" } } } }, /\/knobs\/pii\/entities.*fone/],
  ["an unknown action", { knobs: { pii: { entities: { phone: "erase" } } } }, /\/knobs\/pii\/entities\/phone/],
  [
    "a custom pattern without bounds",
    { knobs: bad({ pattern: "e-\\d+" }) },
    /\/knobs\/pii\/custom\/0\/pattern: an unbounded quantifier.*\(pattern_syntax\)/,
  ],
  [
    "a custom pattern that costs too much",
    { knobs: bad({ pattern: "[a-z]{1,20}[0-9]{1,20}" }) },
    /\/knobs\/pii\/custom\/0\/pattern: .*400 ways.*\(pattern_bounded\)/,
  ],
  [
    "a custom entity with a built-in one's placeholder",
    { knobs: bad({ name: "birth_date" }) },
    /\/knobs\/pii\/custom\/0\/name: \[BIRTH_DATE\].*\(custom_name_free\)/,
  ],
  [
    "a custom name that would look like a pseudonym",
    { knobs: bad({ name: "card_2" }) },
    /\/knobs\/pii\/custom\/0\/name: .*\(custom_name_form\)/,
  ],
  ["a custom name that is none", { knobs: bad({ name: "Employee Id" }) }, /\/knobs\/pii\/custom\/0\/name/],
  [
    "an unknown field of a custom entity",
    { knobs: bad({ placeholder: "[X]" }) },
    /\/knobs\/pii\/custom\/0.*placeholder/,
  ],
  [
    "two custom entities of one name",
    { knobs: { pii: { custom: [custom, custom] } } },
    /\/knobs\/pii\/custom\/1\/name: .*\(custom_name_free\)/,
  ],
  [
    "custom patterns that cost too much together",
    {
      knobs: {
        pii: {
          custom: ["one", "two", "three"].map((name) => ({ ...custom, name, pattern: "[a-z]{1,30}!" })),
        },
      },
    },
    /\/knobs\/pii\/custom: the patterns together .*90 ways.*\(patterns_bounded\)/,
  ],
];
for (const [what, definition, error] of refused) {
  test(`refuses ${what} with path and rule`, () =>
    assert.throws(() => wholeHarness({ ...author, ...definition }), error));
}
