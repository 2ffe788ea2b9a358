/** Who is believed to be whom, by signature, by topic, and in open mode. */
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { ConfigError } from "../../runtime/errors.ts";
import { signatureHeader, signRequest } from "../../runtime/secrets/request-signature.ts";
import type { ConsumedRecord } from "../../runtime/stage.ts";
import { noClients, readClients, type Clients } from "./client-keys.ts";
import { openClientTrust } from "./client-trust.ts";

const oldKey = "the-old-key-of-acme";
const newKey = "the-new-key-of-acme";
const clients: Clients = {
  clients: { acme: { keys: [oldKey, newKey], requestsPerMinute: 5 }, beta: { keys: ["the-key-of-beta-1"] } },
  topics: {},
  gateways: ["the-old-key-of-our-gateways", "the-key-of-our-gateways"],
};
const value = Buffer.from('{"client_id":"acme"}');

function record(headers: Record<string, string>, bytes: Buffer | null = value): ConsumedRecord {
  return { topic: "harness-requests", partition: 0, offset: 1n, timestampMs: 1, key: null, value: bytes, headers };
}
const signed = (key: string) => record({ [signatureHeader]: signRequest(key, value) });

const trust = openClientTrust("signed", clients);
const cases: readonly [what: string, record: ConsumedRecord, clientId: string | undefined, believed: boolean][] = [
  ["signed with its key", signed(newKey), "acme", true],
  ["signed with its key before the last", signed(oldKey), "acme", true],
  ["signed in capital letters", record({ [signatureHeader]: signRequest(oldKey, value).toUpperCase() }), "acme", true],
  ["not signed", record({}), "acme", false],
  ["signed with another client's key", signed("the-key-of-beta-1"), "acme", false],
  ["signed over other bytes", record({ [signatureHeader]: signRequest(newKey, "{}") }), "acme", false],
  ["signed with a gateway's key", signed("the-key-of-our-gateways"), "acme", true],
  ["signed with a gateway's key before the last", signed("the-old-key-of-our-gateways"), "beta", true],
  ["of a client that only a gateway knows, signed by it", signed("the-key-of-our-gateways"), "gamma", true],
  ["signed with a gateway's key over no client", signed("the-key-of-our-gateways"), undefined, false],
  ["of a client that nobody knows", signed(newKey), "gamma", false],
  ["named like a property of every object", signed(newKey), "constructor", false],
  ["without a client", signed(newKey), undefined, false],
  ["without bytes", record({ [signatureHeader]: signRequest(newKey, value) }, null), "acme", false],
  ["with a signature that is none", record({ [signatureHeader]: "\u00e9" }), "acme", false],
];
for (const [what, given, clientId, believed] of cases) {
  test(`a record ${what} is ${believed ? "believed" : "not believed"}`, () => {
    const doubt = trust.doubt(given, clientId);
    assert.equal(doubt === null, believed, doubt ?? "");
    assert.doesNotMatch(doubt ?? "", /key-of/);
  });
}

test("a topic that belongs to a client vouches for it, and for nobody else", () => {
  const bound = openClientTrust("signed", { ...clients, topics: { "harness-requests": "acme" } });
  assert.equal(bound.doubt(record({}), "acme"), null);
  assert.notEqual(bound.doubt(record({}), "beta"), null);
});

test("in open mode everybody is believed, and limits hold all the same", () => {
  const open = openClientTrust("open", clients);
  assert.equal(open.doubt(record({}), "anybody"), null);
  assert.equal(open.limitsOf("acme").requestsPerMinute, 5);
  assert.deepEqual(openClientTrust("open", noClients).limitsOf("acme"), {});
});

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-clients-"));
function fileOf(text: string): string {
  const file = path.join(folder, `${text.length}.json`);
  writeFileSync(file, text);
  return file;
}

test("the file of clients is read whole, with its defaults", () => {
  assert.deepEqual(readClients(fileOf(JSON.stringify({ clients: { acme: { keys: [oldKey] } } }))), {
    clients: { acme: { keys: [oldKey] } },
    topics: {},
    gateways: [],
  });
});

const wrong: readonly [what: string, text: string, says: RegExp][] = [
  ["that is no JSON", "{", /it is not JSON/],
  ["with a short key", '{"clients":{"acme":{"keys":["short"]}}}', /\/clients\/acme\/keys\/0: at least 16/],
  ["with a gateway's short key", '{"clients":{},"gateways":["short"]}', /\/gateways\/0: at least 16/],
  ["with a misspelt limit", '{"clients":{"acme":{"requestPerMinute":1}}}', /\/clients\/acme: .*requestPerMinute/],
];
for (const [what, text, says] of wrong) {
  test(`a file ${what} stops the start, without showing a key`, () => {
    assert.throws(
      () => readClients(fileOf(text)),
      (error: unknown) => error instanceof ConfigError && says.test(error.message) && !error.message.includes('short"'),
    );
  });
}

test("a file that is not there stops the start", () => {
  assert.throws(() => readClients(path.join(folder, "none.json")), /none\.json: it cannot be read/);
});
