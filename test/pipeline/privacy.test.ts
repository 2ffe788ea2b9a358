/**
 * Personal data through the whole system, by each action: what the provider
 * gets to see, what comes back, and that no value stands on any topic after the
 * request but in the result it was put back into.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FaultRule } from "../../infra/embedded/stand-in/fault-rules.ts";
import type { ComplianceScheme, HarnessDefinition, PiiAction } from "../../schemas/control/harness-definition.ts";
import { attemptTask } from "../../schemas/records/attempt-task.ts";
import { decisionsIn } from "../support/audited-decisions.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { wholeHarness } from "../../services/definitions/define-harness.ts";
import { noPrivacyKeys, openPrivacyKeys, type PrivacyKeys } from "../../services/runtime/secrets/privacy-keys.ts";
import { providedByStandIn } from "../support/provided-by-stand-in.ts";
import { deadLettersIn, resultsIn } from "./books.ts";
import { digest, facts, published } from "./harnesses.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { Pipeline } from "./pipeline.ts";
import { allStages, pipelineKeys } from "./stages.ts";

const { standIn, providers } = await providedByStandIn();

const text = "Ann Reed asks for her bill; answer to ann.reed@example.com. Her card is 4111 1111 1111 1111.";
const values = ["ann.reed@example.com", "4111 1111 1111 1111"];

interface Journey {
  readonly harness: HarnessDefinition;
  readonly document?: string;
  readonly client?: string;
  /** `[what the prompt holds, the answer]`: any other prompt gets an answer of the stand-in's own. */
  readonly answers?: readonly (readonly [prompt: string, answer: string])[];
  readonly keys?: PrivacyKeys;
  /** Of output-validate, where they are not those of input-scan. */
  readonly openingKeys?: PrivacyKeys;
}

interface Arrived {
  readonly result: RunResult;
  /** The user's message of each attempt, as the provider got it. */
  readonly prompts: readonly string[];
  /** `<rule> <action>` of every finding of the pii guard. */
  readonly findings: readonly string[];
  /** `<guard> <verdict> <detail>` of the guards of personal data. */
  readonly guards: readonly string[];
  /** All bytes of all topics but requests and results. */
  readonly between: string;
  readonly deadLetters: readonly string[];
}

async function journey({
  harness,
  document = text,
  client = "acme",
  answers = [],
  keys,
  openingKeys,
}: Journey): Promise<Arrived> {
  const rules: Partial<FaultRule>[] = answers.map(([prompt, answer]) => ({
    match: { textIncludes: prompt },
    effect: { kind: "text", text: answer },
  }));
  await standIn.script({
    rules: rules.map(({ match = {}, effect = { kind: "latency", ms: 0 } }) => ({ match, effect })),
  });
  const sealing = keys ?? pipelineKeys;
  const stages = allStages({
    providers,
    ledger: new MemoryLedger(),
    definitions: published([harness]),
    keys: openingKeys === undefined ? sealing : { ...sealing, opener: openingKeys.opener },
  });
  const pipeline = new Pipeline(stages);
  pipeline.publish("any", { harness: harness.name, client_id: client, input: { document } });
  await pipeline.run();
  pipeline.end();
  const [result] = resultsIn(pipeline.log);
  assert.ok(result !== undefined);
  const tasks = ["harness-scanned", "harness-retries"].flatMap((topic) => pipeline.log.values(topic));
  const audited = decisionsIn(pipeline.log).flatMap(({ guards }) => guards);
  const topics = ["harness-scanned", "harness-calls", "harness-retries", "harness-audit", "harness-settled"];
  return {
    result,
    prompts: tasks.map((task) => promptOf(task)),
    findings: audited.flatMap(({ guard, findings }) =>
      guard === "pii" ? findings.map(({ rule, action }) => `${rule} ${action}`) : [],
    ),
    guards: audited.flatMap(({ guard, verdict, detail }) =>
      guard.startsWith("pii") ? [`${guard} ${verdict} ${detail}`] : [],
    ),
    between: JSON.stringify(topics.flatMap((topic) => pipeline.log.values(topic))),
    deadLetters: deadLettersIn(pipeline.log),
  };
}

function promptOf(task: unknown): string {
  const { messages } = attemptTask.parse(task);
  assert.ok("plain" in messages);
  return messages.plain.find(({ role }) => role === "user")?.content ?? "";
}

function guarding(entities: Record<string, PiiAction>, of: HarnessDefinition = digest): HarnessDefinition {
  return { ...of, knobs: { ...of.knobs, pii: { entities, custom: [], failMode: "closed" } } };
}

const pseudonymised = { email: "pseudonymise", card: "pseudonymise" } as const;

test("pseudonymise: the model sees tokens, the caller gets the values, no topic between holds them", async () => {
  const { result, prompts, findings, guards, between } = await journey({
    harness: guarding(pseudonymised),
    answers: [
      ["answer to [EMAIL_1]. Her card is [CARD_1].", "Send it to [EMAIL_1]; [CARD_1] is charged. Cc [EMAIL_2]."],
    ],
  });
  assert.deepEqual(prompts, ["Ann Reed asks for her bill; answer to [EMAIL_1]. Her card is [CARD_1]."]);
  assert.deepEqual(result.output, {
    plain: "Send it to ann.reed@example.com; 4111 1111 1111 1111 is charged. Cc [EMAIL_2].",
  });
  assert.equal(result.values_restored, 2);
  assert.deepEqual(findings, ["pii.email pseudonymise", "pii.card pseudonymise"]);
  assert.deepEqual(guards, [
    "pii redacted email: 1 pseudonymise, card: 1 pseudonymise",
    "pii_restore passed 2 values put back",
  ]);
  for (const value of values) assert.equal(between.includes(value), false);
});

test("values come back into the strings of a JSON answer, and the contract is held against them", async () => {
  const properties = { title: { type: "string", minLength: 15 }, year: { type: "integer" } };
  const output = { ...facts.output, schema: { ...facts.output.schema, properties } };
  const { result } = await journey({
    harness: guarding(pseudonymised, { ...facts, output }),
    answers: [["[EMAIL_1]", '{"title": "[EMAIL_1]", "year": 2025}']],
  });
  assert.equal(result.status, "ok");
  assert.deepEqual(result.output, { plain: { title: "ann.reed@example.com", year: 2025 } });
});

test("an answer that is asked for again keeps its tokens, and the last one its values", async () => {
  const { result, prompts, between } = await journey({
    harness: guarding(pseudonymised, facts),
    answers: [
      ["Your last answer was rejected", '{"title": "[EMAIL_1]", "year": 2025}'],
      ["[EMAIL_1]", '{"title": "[EMAIL_1]"}'],
    ],
  });
  assert.equal(result.attempts, 2);
  assert.deepEqual(result.output, { plain: { title: "ann.reed@example.com", year: 2025 } });
  assert.equal(prompts.length, 2);
  for (const value of values) assert.equal(between.includes(value), false);
});

test("what the person wrote like a pseudonym comes back as it was written", async () => {
  const { result } = await journey({
    harness: guarding(pseudonymised),
    document: `${text} [EMAIL_1] is a placeholder.`,
    answers: [["[EMAIL_2]", "[EMAIL_1] and [EMAIL_2]"]],
  });
  assert.deepEqual(result.output, { plain: "[EMAIL_1] and ann.reed@example.com" });
});

test("hash: the same value has the same token in two runs of a client, and another in another client's", async () => {
  const harness = guarding({ email: "hash", card: "hash" });
  const first = await journey({ harness });
  const second = await journey({ harness, document: "Is ANN.REED@example.com the holder of 4111-1111-1111-1111?" });
  const other = await journey({ harness, client: "globex" });
  const tokens = ({ prompts }: Arrived): readonly string[] =>
    prompts.join().match(/\[(?:EMAIL|CARD):[0-9a-f]{12}\]/g) ?? [];
  assert.equal(tokens(first).length, 2);
  assert.deepEqual(tokens(second), tokens(first));
  assert.equal(
    tokens(other).some((token) => tokens(first).includes(token)),
    false,
  );
  for (const value of values) assert.equal(first.between.includes(value), false);
  assert.equal(first.result.status, "ok");
});

const oneWay: readonly [action: PiiAction, prompt: string][] = [
  ["redact", "Ann Reed asks for her bill; answer to [EMAIL]. Her card is [CARD]."],
  ["mask", "Ann Reed asks for her bill; answer to a***@example.com. Her card is **** **** **** 1111."],
];
for (const [action, prompt] of oneWay) {
  test(`${action}: what the provider gets, and nobody gets more`, async () => {
    const { result, prompts, between } = await journey({ harness: guarding({ email: action, card: action }) });
    assert.equal(result.status, "ok");
    assert.deepEqual(prompts, [prompt]);
    for (const value of values) assert.equal((between + JSON.stringify(result)).includes(value), false);
  });
}

test("block: nothing is sent, and the reason says what and where", async () => {
  const { result, prompts, between } = await journey({ harness: guarding({ email: "allow", card: "block" }) });
  assert.equal(result.status, "refused");
  assert.deepEqual(result.reasons, [
    {
      code: "pii",
      message: "holds a payment card number, which this harness does not accept",
      path: "/document",
      rule: "pii.card",
    },
  ]);
  assert.deepEqual(prompts, []);
  assert.equal(between.includes("4111"), false);
});

test("a kind that the harness defines itself is found, replaced and put back like any other", async () => {
  const harness = wholeHarness({
    ...author("custom"),
    knobs: {
      pii: {
        custom: [
          {
            name: "claimNumber",
            pattern: "\\bcl-\\d{8}\\b",
            action: "pseudonymise",
            severity: "high",
            context: ["claim"],
          },
        ],
      },
    },
  });
  const { result, prompts, findings } = await journey({
    harness,
    document: "The claim CL-20250117 is open.",
    answers: [["[CLAIM_NUMBER_1]", "[CLAIM_NUMBER_1] is open."]],
  });
  assert.deepEqual(prompts, ["The claim [CLAIM_NUMBER_1] is open."]);
  assert.deepEqual(result.output, { plain: "CL-20250117 is open." });
  assert.deepEqual(findings, ["pii.claimNumber pseudonymise"]);
});

function author(name: string, compliance?: readonly ComplianceScheme[]) {
  return {
    name,
    policy: "minimal",
    ...(compliance === undefined ? {} : { compliance }),
    input: { schema: digest.input.schema },
    prompt: digest.prompt,
    models: digest.models.map(({ provider, model }) => ({ provider, model })),
  };
}

const record =
  "Patient MRN: 48291376, date of birth 05/17/1980, phone (415) 555-0132, ann.reed@example.com, " +
  "card 4111 1111 1111 1111, deploy key ghp_" +
  "x7Kd92LmQp4RtVw8Yz3Bc6Nf1Hj5Gs0Ae9Ui.";
const kinds = ["mrn", "birthDate", "phone", "email", "card", "secret"] as const;

/** Of each kind in `kinds`, in that order. */
const schemes: readonly [scheme: ComplianceScheme | null, status: string, actions: readonly PiiAction[]][] = [
  [null, "ok", ["redact", "allow", "allow", "allow", "redact", "redact"]],
  ["hipaa", "ok", ["redact", "redact", "redact", "redact", "redact", "redact"]],
  ["gdpr", "ok", ["redact", "pseudonymise", "pseudonymise", "pseudonymise", "redact", "redact"]],
  ["soc2", "refused", ["redact", "allow", "allow", "allow", "redact", "block"]],
  ["pci", "refused", ["redact", "allow", "allow", "allow", "block", "redact"]],
];
for (const [scheme, status, actions] of schemes) {
  test(`${scheme ?? "no scheme"} over the minimal preset: ${status}, by ${actions.join(", ")}`, async () => {
    const harness = wholeHarness(author("complying", scheme === null ? undefined : [scheme]));
    const { result, findings, between } = await journey({ harness, document: record });
    assert.equal(result.status, status);
    assert.deepEqual(
      findings,
      kinds.map((kind, index) => `pii.${kind} ${actions[index]}`),
    );
    if (scheme === "hipaa") assert.doesNotMatch(between, /48291376|05\/17\/1980|555-0132|ann\.reed|4111|ghp_/);
  });
}

test("what the cut prompt no longer holds is not sealed either", async () => {
  const models = digest.models.map((tier) => ({ ...tier, contextWindowTokens: 600 }));
  const filler = Array.from({ length: 300 }, (_, index) => `Sentence number ${index} tells of ropes.`).join(" ");
  const harness = guarding(pseudonymised, { ...digest, models });
  const cut = await journey({ harness, document: `${filler} ann.reed@example.com` });
  assert.equal(cut.result.status, "ok");
  assert.equal(cut.between.includes('"sealed"'), false);
  const kept = await journey({ harness, document: `ann.reed@example.com ${filler}` });
  assert.ok(kept.between.includes('"sealed"'));
});

test("without a key, a policy that hashes or pseudonymises refuses every run and names the variable", async () => {
  for (const action of ["hash", "pseudonymise"] as const) {
    const { result, prompts, guards } = await journey({
      harness: guarding({ email: action }),
      document: "Nothing personal here.",
      keys: noPrivacyKeys,
    });
    assert.equal(result.status, "refused");
    assert.deepEqual(prompts, []);
    assert.match(result.reasons[0]?.message ?? "", /BREAKWATER_SECRET_KEY/);
    assert.deepEqual(guards, ["pii not_run hash and pseudonymise need a key: set BREAKWATER_SECRET_KEY"]);
  }
  const redacting = await journey({ harness: guarding({ email: "redact" }), keys: noPrivacyKeys });
  assert.equal(redacting.result.status, "ok");
});

test("an answer whose pseudonyms do not open is the operator's matter, not an answer", async () => {
  const { result, deadLetters } = await journey({
    harness: guarding(pseudonymised),
    openingKeys: openPrivacyKeys("ab".repeat(32)),
  });
  assert.equal(result.status, "degraded");
  assert.equal(result.output, undefined);
  assert.deepEqual(deadLetters, ["output-validate: content_sealed"]);
});
