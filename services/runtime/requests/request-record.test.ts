/** What is signed, and that input-scan believes it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openClientTrust } from "../../input-scan/clients/client-trust.ts";
import { signatureHeader } from "../secrets/request-signature.ts";
import type { Emission } from "../stage.ts";
import { requestEmission, signingRequests } from "./request-record.ts";

const key = "a-key-of-thirty-two-characters-!";
const request = requestEmission({
  run_id: "0198c0de-0000-7000-8000-000000000001",
  harness: "note",
  client_id: "acme",
  input: { text: "Gr\u00fc\u00dfe" },
});
const definition: Emission = { topic: "harness-definitions", key: "x", id: "x", type: "t", value: {} };

async function published(signingKey: string | undefined): Promise<readonly Emission[]> {
  const sent: Emission[] = [];
  const publish = signingRequests(async (emissions) => (sent.push(...emissions), []), signingKey);
  await publish([request, definition]);
  return sent;
}

test("a signed request is believed by who knows the key, over the bytes that the producer writes", async () => {
  const [sent] = await published(key);
  const value = Buffer.from(JSON.stringify(sent?.value));
  const record = { topic: "harness-requests" as const, partition: 0, offset: 0n, timestampMs: 0, key: null, value };
  const trust = openClientTrust("signed", { clients: { acme: { keys: [key] } }, topics: {}, gateways: [] });
  assert.equal(trust.doubt({ ...record, headers: { ...sent?.headers } }, "acme"), null);
  assert.notEqual(trust.doubt({ ...record, headers: {} }, "acme"), null);
});

test("only requests are signed, and nothing is without a key", async () => {
  const [, other] = await published(key);
  assert.equal(other?.headers?.[signatureHeader], undefined);
  assert.deepEqual(await published(undefined), [request, definition]);
});
