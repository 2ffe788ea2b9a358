/** What is sent and where, and what becomes of it: against a real receiver on this machine. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { after, before, test } from "node:test";
import { alertRecord, type AlertRecord } from "../../../schemas/control/alert.ts";
import { exampleValue } from "../../../test/contract/examples.ts";
import { TransientError } from "../../runtime/errors.ts";
import { deliver, pauseMs, type Delivery } from "./deliver.ts";
import { sendWebhook } from "./send-webhook.ts";
import { addressDefect } from "./webhook-address.ts";
import { webhookMessage, webhookSecrets } from "./webhook-message.ts";

const alert: AlertRecord = alertRecord.parse(exampleValue("harness-alerts", "budget-threshold"));
const secret = Buffer.alloc(24, 1);
const sentAtMs = 1_795_167_000_999;

test("body and headers are in the form of Standard Webhooks, and the signature is over id, seconds and body", () => {
  const { body, headers } = webhookMessage(alert, [secret], sentAtMs);
  const { alert_id: id, kind, raised_at_ms: _, ...data } = alert;
  assert.deepEqual(JSON.parse(body), { type: kind, timestamp: "2026-11-20T09:30:00.000Z", data });
  assert.deepEqual([headers["webhook-id"], headers["webhook-timestamp"]], [id, "1795167000"]);
  const expected = createHmac("sha256", secret).update(`${id}.1795167000.${body}`).digest("base64");
  assert.equal(headers["webhook-signature"], `v1,${expected}`);
});

test("the signature is that of the specification's own example", () => {
  const [bytes = Buffer.of()] = webhookSecrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") ?? [];
  const signed = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}';
  assert.equal(
    createHmac("sha256", bytes).update(signed).digest("base64"),
    "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  );
});

test("while a secret is replaced, both sign", () => {
  const { headers } = webhookMessage(alert, [secret, Buffer.alloc(32, 2)], sentAtMs);
  assert.match(headers["webhook-signature"] ?? "", /^v1,\S+ v1,\S+$/);
});

const secretCases: readonly (readonly [string, string, number | null])[] = [
  ["24 bytes", `whsec_${secret.toString("base64")}`, 1],
  ["two of them", `whsec_${secret.toString("base64")}, whsec_${Buffer.alloc(64, 3).toString("base64")}`, 2],
  ["without its prefix", secret.toString("base64"), null],
  ["too short", `whsec_${Buffer.alloc(23).toString("base64")}`, null],
  ["not base64", "whsec_not base64 at all, really not", null],
  ["nothing", "", null],
];
for (const [name, text, count] of secretCases) {
  test(`a secret of ${name} is ${count === null ? "none" : "taken"}`, () => {
    assert.equal(webhookSecrets(text)?.length ?? null, count);
  });
}

const addresses: readonly (readonly [string, boolean, boolean])[] = [
  ["https://example.com/hook?token=x", false, true],
  ["http://127.0.0.1:9000/hook", false, true],
  ["http://localhost/hook", false, true],
  ["http://[::1]:8080/hook", false, true],
  ["http://receiver.internal/hook", false, false],
  ["http://receiver.internal/hook", true, true],
  ["http://127.0.0.1.example.com/hook", false, false],
  ["https://user:password@example.com/", false, false],
  ["ftp://example.com/", true, false],
  ["file:///etc/passwd", true, false],
  ["example.com", true, false],
];
for (const [address, mayBePlain, isGood] of addresses) {
  test(`${address} is ${isGood ? "an address" : "none"}${mayBePlain ? " where plain http is allowed" : ""}`, () => {
    const defect = addressDefect(address, mayBePlain);
    assert.equal(defect === null, isGood);
    assert.doesNotMatch(defect ?? "", /token|password@/);
  });
}

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let base: string;
const received: Received[] = [];
/** What the receiver answers, in order; then 204. */
const answers: (number | "reset")[] = [];

before(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => (body += part));
    request.on("end", () => {
      received.push({ path: request.url ?? "", headers: request.headers, body });
      const answer = answers.shift() ?? 204;
      if (answer === "reset") return void request.socket.destroy();
      response.writeHead(answer, answer === 302 ? { location: "/elsewhere" } : {}).end("words of the receiver");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  base = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
});
after(() => server.close());

function deliveryOf(more: Partial<Delivery> = {}): Delivery & { readonly warnings: object[] } {
  received.length = 0;
  const warnings: object[] = [];
  return {
    send: (message, signal) => sendWebhook(`${base}/hook`, message, signal),
    secrets: [secret],
    tries: 4,
    firstPauseMs: 1,
    nowMs: () => sentAtMs,
    logger: { warn: (fields) => void warnings.push(fields) },
    warnings,
    ...more,
  };
}

const never = new AbortController().signal;

test("a receiver that fails twice gets it a third time, with the same id, and takes it", async () => {
  answers.push(500, "reset");
  const delivery = deliveryOf();
  assert.deepEqual(await deliver(delivery, alert, never), { kind: "taken" });
  assert.deepEqual(
    received.map(({ headers }) => headers["webhook-id"]),
    [alert.alert_id, alert.alert_id, alert.alert_id],
  );
  assert.equal(delivery.warnings.length, 2);
  assert.doesNotMatch(JSON.stringify(delivery.warnings), /words of the receiver|127\.0\.0\.1/);
});

test("a redirect is not followed", async () => {
  answers.push(302);
  assert.deepEqual(await deliver(deliveryOf(), alert, never), { kind: "taken" });
  assert.deepEqual(
    received.map(({ path }) => path),
    ["/hook", "/hook"],
  );
});

test("after the last try it is given up, with the status and no words of the receiver", async () => {
  answers.push(410, 410, 410, 410);
  assert.deepEqual(await deliver(deliveryOf(), alert, never), {
    kind: "given_up",
    why: "the webhook did not take it in 4 tries: status 410",
  });
  assert.equal(received.length, 4);
});

test("where nobody listens it says so by the name of the error", async () => {
  const gone = createServer();
  gone.listen(0, "127.0.0.1");
  await once(gone, "listening");
  const address = gone.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await new Promise((resolve) => gone.close(resolve));
  const send: Delivery["send"] = (message, signal) => sendWebhook(`http://127.0.0.1:${port}/`, message, signal);
  const delivered = await deliver(deliveryOf({ send, tries: 1 }), alert, never);
  assert.equal(delivered.kind === "given_up" && delivered.why.endsWith("ECONNREFUSED"), true);
});

test("a process that is to stop leaves it to the next, in a pause too", async () => {
  answers.push(500);
  const stopping = new AbortController();
  const delivering = deliver(deliveryOf({ firstPauseMs: 3_600_000 }), alert, stopping.signal);
  while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  stopping.abort();
  await assert.rejects(delivering, TransientError);
});

test("pauses double up to five minutes", () => {
  assert.deepEqual(
    [1, 2, 3, 9, 10, 60].map((tried) => pauseMs(tried, 1000)),
    [1000, 2000, 4000, 256_000, 300_000, 300_000],
  );
});
