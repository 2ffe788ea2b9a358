/**
 * Secrets planted in everything that comes in, and in every setting that is one, through the whole
 * system as processes that ask Kafka and ClickHouse with passwords, log all they can and export every span and metric: none of them
 * is found where nobody may find it: a log, a span, a metric, an error, the
 * reason of a dead letter, a page or a list for people, what a command prints. What
 * names a run (its document, its subject, a reviewer's reason) may stand in the audit and
 * the ledger, and nowhere else of these. Content topics hold the rest, where the test
 * finds it again: it did go through.
 */
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, test } from "node:test";
import { z } from "zod";
import { ensureFirstKey } from "../../services/cli/keys/first-key.ts";
import { publishHarnesses } from "../../services/cli/harness/publish-harnesses.ts";
import { wholeHarness } from "../../services/definitions/define-harness.ts";
import { definitionVersion } from "../../services/definitions/version.ts";
import type { Publish } from "../../services/runtime/stage.ts";
import { catalog, consumedTopics, deadLetterTopicOf } from "../../topics/catalog.ts";
import { run } from "../cli/command.ts";
import { exampleValue } from "../contract/examples.ts";
import { startSecuredBroker, type SecuredBroker } from "../support/secured-broker.ts";
import { StageProcesses, type StageProcess } from "../support/stage-processes.ts";
import { WholeSystem } from "../support/whole-system.ts";

const planted = new Map<string, string>();
/** One secret a place, each found again by its name. */
function canary(place: string): string {
  const text = planted.get(place) ?? `canary${randomBytes(12).toString("hex")}`;
  planted.set(place, text);
  return text;
}
function plantedKey(place: string, key: string): string {
  planted.set(place, key);
  return key;
}

/** They say what a run was and who decided on it: records of that hold them, and people are shown them. */
const naming: ReadonlySet<string> = new Set([
  "a document's name",
  "a batch's line",
  "a data subject",
  "a reviewer's reason",
]);
const telling: ReadonlySet<string> = new Set(["the audit or a control topic", "ClickHouse", "a list", "a command"]);

const home = mkdtempSync(path.join(tmpdir(), "breakwater-canaries-"));
const traceFile = path.join(home, "traces.jsonl");
const healthFile = path.join(home, "health");
let exported = "";
const collector = createServer((request, response) => {
  request.setEncoding("latin1").on("data", (part: string) => (exported += part));
  request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"));
});
/** Signatures of what was sent to it. */
const hooked: string[] = [];
const webhook = createServer((request, response) => {
  hooked.push(String(request.headers["webhook-signature"]));
  request.resume().on("end", () => response.writeHead(500).end(canary("a webhook's answer")));
});
let broker: SecuredBroker;
let system: WholeSystem;
let url = "";
let key = "";
let environment: Readonly<Record<string, string>> = {};
const running: StageProcess[] = [];
const refusals: string[] = [];
const lists: string[] = [];
const healths: string[] = [];

async function portOf(server: typeof collector): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}

function secretFile(name: string, secret: string): string {
  const file = path.join(home, name);
  writeFileSync(file, `${secret}\n`);
  return file;
}

/** Its password is in a file. */
function onKafka(principal: Parameters<SecuredBroker["environmentOf"]>[0]): Readonly<Record<string, string>> {
  const settings = broker.environmentOf(principal);
  const password = readFileSync(settings["KAFKA_SASL_PASSWORD_FILE"] ?? assert.fail(), "utf8").trim();
  plantedKey(`the Kafka password of ${principal}`, password);
  return settings;
}

before(async () => {
  const [collecting, hooking] = [await portOf(collector), await portOf(webhook)];
  broker = await startSecuredBroker();
  system = await WholeSystem.open(0, () => StageProcesses.on(broker, 1));
  const publish: Publish = (emissions) => system.stages.producer.publish(emissions);
  await applyHeld(publish);
  const { reader } = system.stages;
  key = (await ensureFirstKey({ reader, producer: () => Promise.resolve({ publish }) }))?.key ?? "";
  plantedKey("a client's key", key.split("_").at(-1) ?? "");
  const signing = randomBytes(32).toString("base64");
  environment = {
    BREAKWATER_LOG_LEVEL: "debug",
    OPENAI_API_KEY_FILE: secretFile("openai", `sk-${canary("OpenAI's key")}`),
    CLICKHOUSE_USER: "breakwater",
    CLICKHOUSE_PASSWORD_FILE: secretFile("clickhouse", canary("ClickHouse's password")),
    ANTHROPIC_API_KEY_FILE: secretFile("anthropic", `sk-ant-${canary("Anthropic's key")}`),
    BREAKWATER_SECRET_KEY: plantedKey("the secret key", randomBytes(32).toString("hex")),
    BREAKWATER_AUDIT_KEY: plantedKey("the audit's key", randomBytes(32).toString("hex")),
    BREAKWATER_REDIS_URL: `redis://:${canary("Redis' password")}@127.0.0.1:1`,
    BREAKWATER_GATEWAY_KEY: canary("the gateway's signing key"),
    SCHEMA_REGISTRY_PASSWORD: canary("the registry's password"),
    BREAKWATER_ALERT_WEBHOOK_URL: `http://127.0.0.1:${hooking}/${canary("the webhook's address")}`,
    BREAKWATER_ALERT_WEBHOOK_SECRET: `whsec_${plantedKey("the webhook's secret", signing)}`,
    BREAKWATER_ALERT_WEBHOOK_TRIES: "2",
    BREAKWATER_ALERT_WEBHOOK_PAUSE_MS: "1",
  };
  const collected = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collecting}`,
    OTEL_TRACES_SAMPLER: "always_on",
    OTEL_METRIC_EXPORT_INTERVAL: "1000",
    OTEL_METRIC_EXPORT_TIMEOUT: "1000",
  };
  const { clickHouse, standIn, stages } = system;
  const everywhere = { ...standIn.environment, ...environment, CLICKHOUSE_URL: clickHouse.url };
  const services = ["cost-aggregate", "audit-seal", "alerts", "output-validate", "model-invoke", "input-scan"] as const;
  for (const service of services) {
    const traced = service === "input-scan" ? { BREAKWATER_TRACE_FILE: traceFile } : collected;
    running.push(await stages.start(service, { ...everywhere, ...onKafka(service), ...traced }));
  }
  const gateway = { ...collected, BREAKWATER_GATEWAY_PORT: "0", BREAKWATER_HEALTH_FILE: healthFile };
  running.push(await stages.start("gateway", { ...everywhere, ...onKafka("gateway"), ...gateway }));
  url = z.object({ address: z.url() }).parse(running.at(-1)?.told).address;
});
after(async () => {
  await system.close();
  collector.close();
  webhook.close();
  rmSync(home, { recursive: true, force: true });
});

/** A harness whose answers all wait for a person. */
async function applyHeld(publish: Publish): Promise<void> {
  const definition = wholeHarness({
    name: "held",
    input: { schema: { type: "object", properties: { text: { type: "string" } } } },
    prompt: { user: "Answer: {{text}}" },
    models: [{ provider: "openai", model: "gpt-4o" }],
    review: { when: "always", timeoutMs: 600_000, onTimeout: "reject" },
  });
  await publishHarnesses([{ file: "held.yaml", definition, version: definitionVersion(definition) }], publish);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function send(
  place: string,
  body: string | null,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const all = { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers };
  const answer = await fetch(`${url}${place}`, { headers: all, ...(body === null ? {} : { method: "POST", body }) });
  const text = await answer.text();
  if (answer.status >= 400) refusals.push(`${place.slice(0, 12)} ${text} ${JSON.stringify([...answer.headers])}`);
  return { status: answer.status, text };
}

const spread = {
  "idempotency-key": canary("an idempotency key"),
  "user-agent": canary("a user agent"),
  cookie: `session=${canary("a cookie")}`,
  "x-canary": canary("a header"),
  baggage: `k=${canary("baggage")}`,
  tracestate: `k=${canary("a trace's state")}`,
  referer: `https://x.test/${canary("a referer")}`,
};

test("what is asked in order goes through, with secrets in every part of it", async () => {
  const text = `The bridge was opened in 1894. It spans 244 metres. ${canary("an input")}`;
  const summary = { harness: "summarise", input: { document: text }, subject_id: canary("a data subject") };
  assert.equal((await send("/v1/runs", JSON.stringify(summary), spread)).status, 200);
  const call = { name: "weather", arguments: JSON.stringify({ city: canary("a tool's arguments") }) };
  const messages = [
    { role: "system", content: `Answer in few words. ${canary("a system prompt")}` },
    { role: "user", content: `What is the weather? ${canary("a message")}` },
    { role: "assistant", content: null, tool_calls: [{ id: "call_1", type: "function", function: call }] },
    { role: "tool", tool_call_id: "call_1", content: `Rain. ${canary("a tool's result")}` },
  ];
  const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
  const tools = [
    { type: "function", function: { name: "weather", description: canary("a tool's description"), parameters } },
  ];
  const chat = await send("/v1/chat/completions", JSON.stringify({ model: "assistant", messages, tools }));
  assert.equal(chat.status, 200, chat.text);
});

test("an answer that a person rejects, with a reason of their own", async () => {
  const runId = randomUUID();
  const document = { batch_id: "b1", name: `letters/${canary("a document's name")}.txt`, sha256: "0".repeat(64) };
  const input = { text: canary("an input for a person") };
  const asked = { harness: "held", run_id: runId, input, client_id: "acme", document };
  await system.stages.append("harness-requests", runId, asked, "breakwater.run.requested");
  await system.stages.until("harness-reviews", (records) => records.length > 0);
  await system.until("a review", async () => {
    // Requests of a key are counted.
    await sleep(200);
    return (await send(`/v1/reviews/${runId}`, null)).status === 200;
  });
  const body = JSON.stringify({ decision: "reject", reason: canary("a reviewer's reason") });
  assert.equal((await send(`/v1/reviews/${runId}/decision`, body)).status, 200);
});

test("what is refused, fails or cannot be read says nothing of what was in it", async () => {
  const rule = (text: string) => ({ match: {}, effect: { kind: "text", text } as const });
  await system.standIn.script({ rules: [rule(`no JSON: ${canary("an answer that failed")}`)] });
  const invoice = { harness: "extract-invoice", input: { invoice: `Invoice 7. ${canary("an input that failed")}` } };
  await send("/v1/runs", JSON.stringify(invoice));
  await system.standIn.script({ rules: [{ match: {}, effect: { kind: "status", status: 401 } }] });
  const refused = { harness: "summarise", input: { document: `A text. ${canary("an input nobody answered")}` } };
  await send("/v1/runs", JSON.stringify(refused));
  await system.standIn.script({ rules: [] });
  for (const [place, body, headers] of [
    ["/v1/runs", `{"harness": "${canary("a body that is no JSON")}`, {}],
    ["/v1/runs", JSON.stringify({ harness: "summarise", input: { other: canary("a field too many") } }), {}],
    ["/v1/chat/completions", JSON.stringify({ model: "assistant", messages: canary("messages that are none") }), {}],
    [`/v1/runs/${canary("an address")}`, null, {}],
    [`/v1/runs?cursor=${canary("a query")}`, null, {}],
    ["/v1/costs", null, { authorization: `Bearer bw_0123456789abcdef_${canary("a wrong key")}` }],
    ["/v1/costs", null, { authorization: `Basic ${canary("another scheme")}` }],
    ["/console/session", JSON.stringify({ key: canary("a key at the console's door") }), {}],
  ] as const)
    assert.ok((await send(place, body, headers)).status >= 400, place.slice(0, 12));
  const { producer } = system.stages;
  const record = { topic: "harness-requests", partition: 0, key: "k" } as const;
  const headers = { "x-canary": canary("a header on Kafka") };
  const shapeless = JSON.stringify({ harness: 7, input: canary("a record of another shape") });
  await producer.send([
    { ...record, headers, value: Buffer.from(`{ no JSON ${canary("a record that is no JSON")}`) },
    { ...record, headers, value: Buffer.from(shapeless) },
  ]);
  await system.until("two dead letters", async () => (await system.count("harness-requests-dlq")) >= 2);
});

test("a batch whose line has a telling name", async () => {
  const line = { id: canary("a batch's line"), input: { document: `A text. ${canary("an input of a batch")}` } };
  const sent = await send("/v1/batches?harness=summarise", JSON.stringify(line), {
    "idempotency-key": randomUUID(),
    "content-type": "application/x-ndjson",
  });
  assert.ok(sent.status < 300, sent.text);
});

test("an alert that nobody takes is a dead letter, after tries that were signed", async () => {
  const alert = exampleValue("harness-alerts", "budget-threshold");
  const { alert_id: id } = z.looseObject({ alert_id: z.string() }).parse(alert);
  await system.stages.append("harness-alerts", id, alert, "breakwater.alert");
  await system.until("a dead letter of it", async () => (await system.count("harness-alerts-dlq")) > 0);
  assert.equal(hooked.length, 2);
  for (const signature of hooked) assert.match(signature, /^v1,/);
});

test("keys that are made, and sessions that begin with them, open what they are for", async () => {
  const { stdout } = await run(home, ["keys", "create", "--client", "ops", "--admin", "--json"], surroundings());
  const made = z.looseObject({ key: z.string() }).parse(JSON.parse(stdout)).key;
  plantedKey("a key that a command made", made.split("_").at(-1) ?? "");
  const body = JSON.stringify({ key: made });
  const headers = { "content-type": "application/json", origin: url };
  let cookie = "";
  await system.until("the key is in force", async () => {
    const answer = await fetch(`${url}/console/session`, { method: "POST", headers, body });
    cookie = answer.headers.get("set-cookie") ?? "";
    return answer.ok;
  });
  const token = /^[^=]+=([^;]+)/.exec(cookie)?.[1] ?? "";
  plantedKey("a session", token.split(".").at(-1) ?? "");
  const who = await fetch(`${url}/console/session`, { headers: { cookie: cookie.split(";")[0] ?? "" } });
  assert.match(await who.text(), /"ops"/);
});

test("what is set wrong, or is refused, is told without the secret", async () => {
  const away = { ...surroundings(), CLICKHOUSE_URL: "http://127.0.0.1:1" };
  const stranger = {
    ...surroundings(),
    KAFKA_SASL_PASSWORD_FILE: secretFile("wrong", canary("a wrong Kafka password")),
  };
  const none = { ...surroundings(), BREAKWATER_SECRET_KEY: canary("a secret key that is none") };
  for (const [words, settings] of [
    ["costs", away],
    ["dlq list", stranger],
    [
      "runs list",
      { ...surroundings(), CLICKHOUSE_URL: `http://user:${canary("a password in an address")}@127.0.0.1:1` },
    ],
    ["erase --subject nobody", none],
  ] as const) {
    const { code, stdout, stderr } = await run(home, [...words.split(" "), "--json"], settings);
    assert.notEqual(code, 0, words);
    refusals.push(`${words}\n${stdout}\n${stderr}`);
  }
  const { BREAKWATER_SECRET_KEY: _, ...rest } = none;
  const wrong = {
    BREAKWATER_AUDIT_KEY: canary("an audit key that is none"),
    BREAKWATER_ALERT_WEBHOOK_SECRET: canary("a webhook secret that is none"),
    BREAKWATER_ALERT_WEBHOOK_URL: `ftp://127.0.0.1/${canary("an address that is none")}`,
  };
  for (const service of ["audit-seal", "alerts"] as const) {
    const started = system.stages.start(service, { ...rest, ...onKafka(service), ...wrong });
    const { message } = await started.then(
      () => assert.fail(service),
      (error: unknown) => z.instanceof(Error).parse(error),
    );
    refusals.push(message);
  }
});

test("the content topics hold what was sent: it did go through", async () => {
  const topics = [
    "harness-requests",
    "harness-requests-batch",
    "harness-reviews",
    "harness-scanned",
    "harness-calls",
    "harness-results",
  ];
  const records = (await Promise.all(topics.map((topic) => system.stages.records(topic)))).flat();
  const held = records.map(({ value }) => value?.toString("utf8") ?? "").join("\n");
  for (const place of ["an input", "a system prompt", "a tool's result", "an answer that failed", ...naming])
    assert.ok(held.includes(canary(place)), place);
});

function surroundings(): Readonly<Record<string, string>> {
  return { ...environment, ...onKafka("cli"), CLICKHOUSE_URL: system.clickHouse.url };
}

const pages = [
  "audit/events",
  "batches",
  "runs",
  "reviews",
  "dead-letters",
  "harnesses",
  "alerts",
  "status",
  "costs",
  "models",
];
const commands = [
  "status",
  "runs list",
  "dlq list",
  "keys list",
  "harness list",
  "reviews list",
  "costs",
  "breakers",
  "audit events",
  "audit verify",
];

test("and no secret is found where nobody may find it", async () => {
  const metrics = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
  await system.until(
    "calls in the ledger",
    async () => (await system.store.query("SELECT 1 FROM calls LIMIT 1")).length > 0,
  );
  for (const list of pages) lists.push((await send(`/v1/${list}`, null)).text);
  lists.push((await send("/console/", null)).text);
  for (const asked of ["/healthz", "/readyz", "/v1/status"]) healths.push((await send(asked, null)).text);
  healths.push(readFileSync(healthFile, "latin1"));
  const printed: string[] = [];
  for (const words of commands) {
    const { stdout, stderr } = await run(home, [...words.split(" "), "--json"], surroundings());
    printed.push(`${words}\n${stdout}\n${stderr}`);
  }
  const kept = ["harness-audit", ...catalog.filter(({ role }) => role === "control").map(({ name }) => name)];
  const records = (await Promise.all(kept.map((topic) => system.stages.records(topic)))).flat();
  const letters = await Promise.all(consumedTopics.map((topic) => system.stages.records(deadLetterTopicOf(topic))));
  const reasons = letters
    .flat()
    .flatMap(({ headers }) => Object.entries(headers).filter(([name]) => name.startsWith("__dlq")));
  const tables = await Promise.all(
    ["calls", "runs", "audit", "reviews", "audit_events", "audit_heads"].map((table) =>
      system.store.query(`SELECT * FROM ${table}`),
    ),
  );
  for (const process of running) assert.equal(await process.stop(), 0, process.log().slice(-2000));
  const places = {
    "a log": running.map((process) => process.log()).join(""),
    "a span or metric": exported,
    "a file of spans": readFileSync(traceFile, "latin1"),
    "the gateway's metrics": await metrics.text(),
    "an error": refusals.join("\n"),
    "a health answer": healths.join("\n"),
    "a list": lists.join("\n"),
    "a command": printed.join("\n"),
    "the audit or a control topic": records.map(({ value }) => value?.toString("utf8") ?? "").join("\n"),
    "the reason of a dead letter": JSON.stringify(reasons),
    ClickHouse: JSON.stringify(tables),
  };
  for (const [place, text] of Object.entries(places)) assert.ok(text.length > 100, `${place} is empty`);
  assert.ok(places["the audit or a control topic"].includes(canary("a document's name")), "what may be found is found");
  const found = [...planted].flatMap(([what, secret]) =>
    Object.entries(places).flatMap(([place, text]) =>
      text.includes(secret) && !(naming.has(what) && telling.has(place)) ? [`${what} in ${place}`] : [],
    ),
  );
  assert.deepEqual(found, []);
});
