/** Each demand that can be missed, missed alone: where it is told, of what, with which clause. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ComplianceScheme, HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import { sampleHarness, sampleTier } from "../../../test/support/sample-definition.ts";
import { findShortfalls, type ProviderTerms, type Surroundings } from "./find-shortfalls.ts";
import { raisedKnobs } from "./compliance-presets.ts";

const good: ProviderTerms = {
  address: "https://api.example.com/v1",
  region: "ie",
  agreements: ["baa", "dpa", "pci_aoc", "soc2_report"],
};
const ideal: Surroundings = {
  termsOf: () => good,
  decisionsKeptDays: Infinity,
  contentKeptDays: 30,
  requestsKeptDays: 1,
};

function held(scheme: ComplianceScheme, changes: Partial<HarnessDefinition> = {}): HarnessDefinition {
  const sample = sampleHarness(changes);
  return { ...sample, knobs: raisedKnobs([scheme], sample.knobs) };
}

function withKnobs(scheme: ComplianceScheme, change: (knobs: HarnessDefinition["knobs"]) => object): HarnessDefinition {
  const definition = held(scheme);
  return { ...definition, knobs: { ...definition.knobs, ...change(definition.knobs) } };
}

const day = 86_400_000;
const review = { when: "always", timeoutMs: 60_000, onTimeout: "release" } as const;
const terms = (changes: Partial<ProviderTerms>): Partial<Surroundings> => ({
  termsOf: () => ({ ...good, ...changes }),
});

const missed: readonly [
  what: string,
  scheme: ComplianceScheme,
  definition: HarnessDefinition,
  around: Partial<Surroundings>,
  told: readonly (readonly [path: string, clause: string])[],
][] = [
  [
    "an entity that is allowed",
    "hipaa",
    withKnobs("hipaa", ({ pii }) => ({ pii: { ...pii, entities: { ...pii.entities, mrn: "allow" } } })),
    {},
    [["/knobs/pii/entities/mrn", "45 CFR 164.514(b)(2)(i)(H)"]],
  ],
  [
    "an entity that the definition does not know yet",
    "gdpr",
    withKnobs("gdpr", ({ pii }) => ({ pii: { ...pii, entities: { ...pii.entities, mac: undefined } } })),
    {},
    [["/knobs/pii/entities/mac", "GDPR Art. 4(1), Art. 5(1)(c)"]],
  ],
  [
    "a guard that fails open",
    "pci",
    withKnobs("pci", ({ pii }) => ({ pii: { ...pii, failMode: "open" } })),
    {},
    [["/knobs/pii/failMode", "PCI DSS 4.0 req. 3.5.1"]],
  ],
  [
    "planted instructions that are only noted",
    "soc2",
    withKnobs("soc2", ({ injection }) => ({ injection: { ...injection, documents: "flag" } })),
    {},
    [["/knobs/injection/documents", "SOC 2 CC6.6"]],
  ],
  ["a review that silence releases", "gdpr", held("gdpr", { review }), {}, [["/review/onTimeout", "GDPR Art. 22(3)"]]],
  [
    "a provider without the contract",
    "hipaa",
    held("hipaa"),
    terms({ agreements: [] }),
    [["/models/0/provider", "45 CFR 164.308(b)(1), 164.504(e)"]],
  ],
  [
    "a provider in another region",
    "gdpr",
    held("gdpr"),
    terms({ region: "us" }),
    [["/models/0/provider", "GDPR Art. 44, Art. 45(1), Art. 46(2)(c)"]],
  ],
  [
    "a provider whose region nobody wrote down",
    "gdpr",
    held("gdpr"),
    terms({ region: undefined }),
    [["/models/0/provider", "GDPR Art. 44, Art. 45(1), Art. 46(2)(c)"]],
  ],
  [
    "a provider over plain http",
    "pci",
    held("pci"),
    terms({ address: "http://llm.internal:8000/v1" }),
    [["/models/0/provider", "PCI DSS 4.0 req. 4.2.1"]],
  ],
  [
    "a provider that is not configured: all that is asked of it",
    "pci",
    held("pci"),
    { termsOf: () => undefined },
    [
      ["/models/0/provider", "PCI DSS 4.0 req. 12.8.4"],
      ["/models/0/provider", "PCI DSS 4.0 req. 4.2.1"],
    ],
  ],
  [
    "who moderates, when it is another provider",
    "soc2",
    held("soc2", { moderation: { provider: "judge", model: "m" } }),
    { termsOf: (provider) => (provider === "judge" ? { ...good, agreements: [] } : good) },
    [["/moderation/provider", "SOC 2 CC9.2"]],
  ],
  [
    "a provider that two tiers name, once",
    "soc2",
    held("soc2", { models: [sampleTier(), sampleTier({ model: "gpt-4o-mini" })] }),
    terms({ agreements: [] }),
    [["/models/0/provider", "SOC 2 CC9.2"]],
  ],
  [
    "decisions that are forgotten too soon",
    "hipaa",
    held("hipaa"),
    { decisionsKeptDays: 400 },
    [["BREAKWATER_LEDGER_AUDIT_DAYS", "45 CFR 164.316(b)(2)(i)"]],
  ],
  [
    "content that stays too long",
    "gdpr",
    held("gdpr"),
    { contentKeptDays: 90 },
    [["topics", "GDPR Art. 5(1)(e), Art. 12(3), Art. 17(1)"]],
  ],
  [
    "prompts in traces",
    "hipaa",
    held("hipaa", { traces: { inputMessages: true, outputMessages: false } }),
    {},
    [["/traces/inputMessages", "45 CFR 164.502(b)(1)"]],
  ],
  [
    "both in traces",
    "pci",
    held("pci", { traces: { inputMessages: true, outputMessages: true } }),
    {},
    [
      ["/traces/inputMessages", "PCI DSS 4.0 req. 3.2.1"],
      ["/traces/outputMessages", "PCI DSS 4.0 req. 3.2.1"],
    ],
  ],
  [
    "a harness whose own content stays too long",
    "soc2",
    held("soc2", { retention: { contentMs: 31 * day } }),
    {},
    [["/retention/contentMs", "SOC 2 C1.2"]],
  ],
  [
    "requests that stay in the clear, whatever the harness says",
    "soc2",
    held("soc2", { retention: { contentMs: day } }),
    { requestsKeptDays: 31 },
    [["BREAKWATER_REQUESTS_KEPT_MS", "SOC 2 C1.2"]],
  ],
];
for (const [what, scheme, definition, around, told] of missed) {
  test(`${scheme}: ${what}`, () => {
    const found = findShortfalls(scheme, definition, { ...ideal, ...around });
    assert.deepEqual(
      found.map(({ path, clause }) => [path, clause]),
      told,
    );
    for (const { why, what: is, mend } of found) for (const words of [why, is, mend]) assert.ok(words.length > 10);
  });
}

const kept: readonly [what: string, scheme: ComplianceScheme, terms: Partial<ProviderTerms>][] = [
  ["standard clauses stand in for a region", "gdpr", { region: "us", agreements: ["dpa", "scc"] }],
  ["so does a certificate of the privacy framework", "gdpr", { region: "us", agreements: ["dpa", "dpf"] }],
  ["a place with a decision on adequacy is a region", "gdpr", { region: "jp" }],
  ["a server on this machine needs no TLS", "hipaa", { address: "http://127.0.0.1:11434/v1" }],
  ["HIPAA asks for no region", "hipaa", { region: undefined }],
];
for (const [what, scheme, changes] of kept) {
  test(`${scheme}: ${what}`, () => {
    assert.deepEqual(findShortfalls(scheme, held(scheme), { ...ideal, ...terms(changes) }), []);
  });
}

test("a harness with a short retention of its own keeps the line though the topics keep more", () => {
  const definition = held("gdpr", { retention: { contentMs: day } });
  assert.deepEqual(findShortfalls("gdpr", definition, { ...ideal, contentKeptDays: 90 }), []);
});
