/**
 * The log of personal data of a real system: values of many kinds stand in many
 * places of documents, and `audit pii` tells of each where it stood and what was
 * done about it, never the value; of what is beyond the list, how many; and of
 * what leaked into an answer. What a version on trial would have done is not told.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { z } from "zod";
import { publishHarnesses, publishTrials, trialPointers } from "../../services/cli/harness/publish-harnesses.ts";
import { wholeHarness } from "../../services/definitions/define-harness.ts";
import { definitionVersion } from "../../services/definitions/version.ts";
import { readHarnesses } from "../../services/cli/control-topic.ts";
import { run } from "../cli/command.ts";
import { stageNames } from "../../services/cli/up/stage-process.ts";
import { WholeSystem } from "../support/whole-system.ts";

const home = mkdtempSync(path.join(tmpdir(), "breakwater-pii-log-"));
let system: WholeSystem;

const text = { type: "string" } as const;
const spec = {
  name: "letters",
  description: "Answers letters",
  input: {
    schema: {
      type: "object",
      additionalProperties: false,
      properties: {
        letter: text,
        notes: { type: "array", items: text },
        sender: { type: "object", properties: { mail: text, "home/address": text }, additionalProperties: false },
      },
    },
  },
  prompt: { user: "Answer: {{letter}} {{notes}} {{sender}}" },
  models: [{ provider: "openai", model: "gpt-4o" }],
  knobs: {
    pii: {
      entities: { email: "redact", phone: "mask", iban: "hash", ssn: "pseudonymise", card: "block", ip: "allow" },
    },
  },
} as const;

const fileOf = (description: string) => {
  const definition = wholeHarness({ ...spec, description });
  return { file: "letters.yaml", definition, version: definitionVersion(definition) };
};

before(async () => {
  system = await WholeSystem.open(0);
  const publish = system.stages.producer.publish.bind(system.stages.producer);
  await publishHarnesses([fileOf("Answers letters")], publish);
  const { pointers } = await readHarnesses(system.stages.reader);
  const tried = [fileOf("Answers letters otherwise")];
  await publishTrials(tried, trialPointers(tried, { kind: "shadow" }, pointers), publish);
  for (const stage of stageNames) await system.start(stage, { BREAKWATER_SECRET_KEY: "5c".repeat(32) });
  await sendAll();
});
after(async () => {
  await system.close();
  rmSync(home, { recursive: true, force: true });
});

const runId = (no: number) => `019aa0f1-2c00-7000-8000-0000000000b${no}`;

async function send(no: number, input: object, client = "acme"): Promise<void> {
  const asked = { harness: "letters", run_id: runId(no), client_id: client, input };
  await system.stages.append("harness-requests", runId(no), asked, "breakwater.run.requested");
  await system.stages.until("harness-results", (records) => records.some(({ key }) => String(key) === runId(no)));
}

const finds = z.object({
  finds: z.array(
    z.object({
      run_id: z.string(),
      client_id: z.string().nullable(),
      stage: z.string(),
      entity: z.string(),
      field: z.string().nullable(),
      action: z.string(),
      count: z.int(),
      spans: z.array(z.object({ start: z.int(), end: z.int() })),
    }),
  ),
});

async function told(...words: readonly string[]) {
  const { code, stdout, stderr } = await run(home, ["audit", "pii", ...words, "--json"], {
    CLICKHOUSE_URL: system.clickHouse.url,
  });
  assert.equal(code, 0, stderr);
  return finds.parse(JSON.parse(stdout)).finds;
}

/** When the decisions about so many runs are in the ledger. */
async function inLedger(ids: readonly string[]): Promise<void> {
  await system.until("decisions in the ledger", async () => {
    const rows = await system.store.query("SELECT DISTINCT run_id FROM runs");
    return ids.every((id) => JSON.stringify(rows).includes(id));
  });
}

const letter = {
  letter:
    "Dear all, write to ann.reed@example.com or Bob.Low@example.org; call +49 89 1234 5678. My SSN is 536-22-8145.",
  notes: [
    "From 203.0.113.77",
    "Pay to DE89 3704 0044 0532 0130 00, says ann.reed@example.com",
    "\u{1F600}\u{1F600} ann.reed@example.com",
  ],
  sender: { mail: "ann.reed@example.com", "home/address": "call +49 89 1234 5678" },
};

/** Each value, where it stands, and what the definition says. */
const values = [
  ["email", "/letter", "redact", "ann.reed@example.com"],
  ["email", "/letter", "redact", "Bob.Low@example.org"],
  ["phone", "/letter", "mask", "+49 89 1234 5678"],
  ["ssn", "/letter", "pseudonymise", "536-22-8145"],
  ["ip", "/notes/0", "allow", "203.0.113.77"],
  ["iban", "/notes/1", "hash", "DE89 3704 0044 0532 0130 00"],
  ["email", "/notes/1", "redact", "ann.reed@example.com"],
  ["email", "/notes/2", "redact", "ann.reed@example.com"],
  ["email", "/sender/mail", "redact", "ann.reed@example.com"],
  ["phone", "/sender/home~1address", "mask", "+49 89 1234 5678"],
] as const;

const textAt: Readonly<Record<string, string>> = {
  "/letter": letter.letter,
  ...Object.fromEntries(letter.notes.map((note, no) => [`/notes/${no}`, note])),
  "/sender/mail": letter.sender.mail,
  "/sender/home~1address": letter.sender["home/address"],
};

async function sendAll(): Promise<void> {
  // What was masked cannot leak: the model was given this one.
  const leak = "It came from 203.0.113.77, in short.";
  await system.standIn.script({ rules: [{ match: {}, effect: { kind: "text", text: leak } }] });
  await send(1, letter);
  await system.standIn.script({ rules: [] });
  await send(2, { letter: "Charge 4111 1111 1111 1111, then answer ann.reed@example.com" }, "globex");
  await send(3, { letter: Array.from({ length: 150 }, (_, no) => `person${no}@example.com`).join(", ") });
  await send(4, { letter: "Who knows?" });
  await inLedger([1, 2, 3, 4].map(runId));
}

test("every value of a document is told with its kind, its place to the letter, and what was done, once", async () => {
  const found = (await told("--run", runId(1))).filter(({ stage }) => stage === "input-scan");
  const places = found.flatMap(({ entity, field, action, spans }) =>
    spans.map(({ start, end }) => [entity, field, action, textAt[field ?? ""]?.slice(start, end)].join(" ")),
  );
  const expected = values.map((value) => value.join(" "));
  assert.deepEqual(new Set(places), new Set(expected));
  assert.equal(places.length, expected.length);
  assert.equal(
    found.reduce((sum, { count }) => sum + count, 0),
    values.length,
  );
});

test("what the answer gave away of it is told too", async () => {
  const found = (await told("--run", runId(1))).filter(({ stage }) => stage === "output-validate");
  assert.deepEqual(
    found.map(({ entity, field, action, spans }) => [entity, field, action, spans]),
    [["ip", "answer", "flag", [{ start: 13, end: 25 }]]],
  );
});

test("a run that was blocked is there, by its client and nobody else's", async () => {
  const found = await told("--client", "globex");
  assert.deepEqual(
    found.map(({ run_id: run, entity, action, count }) => [run, entity, action, count]),
    [
      [runId(2), "card", "block", 1],
      [runId(2), "email", "redact", 1],
    ],
  );
});

test("all of many are counted, those beyond the list without a place", async () => {
  const found = await told("--run", runId(3));
  assert.deepEqual(
    found.map(({ field, count, spans }) => [field, count, spans.length]),
    [
      ["/letter", 100, 100],
      [null, 50, 0],
    ],
  );
});

test("no value is told, by the log or in what it is read from", async () => {
  const { stdout } = await run(home, ["audit", "pii"], { CLICKHOUSE_URL: system.clickHouse.url });
  const rows = JSON.stringify(await system.store.query("SELECT * FROM audit"));
  assert.match(stdout, /sender\/mail/);
  for (const [, , , value] of values) assert.ok(!stdout.includes(value) && !rows.includes(value), value);
  assert.deepEqual(await told("--run", runId(4)), []);
});
