import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig, type Environment } from "../runtime/config.ts";
import { ConfigError } from "../runtime/errors.ts";
import { gatewayVariables, hardeningOf } from "./config.ts";

const settings = (env: Environment) =>
  hardeningOf(readConfig(gatewayVariables, { CLICKHOUSE_URL: "http://127.0.0.1:8123", ...env }));

test("by default nobody's forwarded address is believed, no other origin let in, and nothing encrypted", () => {
  const { trustProxy, corsOrigins, tls } = settings({});
  assert.deepEqual({ trustProxy, corsOrigins, tls }, { trustProxy: false, corsOrigins: [], tls: null });
});

for (const { given, trusted } of [
  { given: "off", trusted: false },
  { given: "2", trusted: 2 },
  { given: "10.0.0.0/8, 127.0.0.1", trusted: "10.0.0.0/8, 127.0.0.1" },
  { given: "loopback", trusted: "loopback" },
]) {
  test(`BREAKWATER_GATEWAY_TRUST_PROXY=${given}`, () => {
    assert.equal(settings({ BREAKWATER_GATEWAY_TRUST_PROXY: given }).trustProxy, trusted);
  });
}

for (const { name, env } of [
  { name: "trust in everybody", env: { BREAKWATER_GATEWAY_TRUST_PROXY: "true" } },
  { name: "an origin that is none", env: { BREAKWATER_GATEWAY_CORS_ORIGINS: "*" } },
  { name: "a certificate without its key", env: { BREAKWATER_GATEWAY_TLS_CERT_FILE: "cert.pem" } },
  {
    name: "files that are not there",
    env: { BREAKWATER_GATEWAY_TLS_CERT_FILE: "/none/cert", BREAKWATER_GATEWAY_TLS_KEY_FILE: "/none/key" },
  },
]) {
  test(`${name} stops the start`, () => {
    assert.throws(() => settings(env), ConfigError);
  });
}

test("origins are a list; headers have no more time than the whole request", () => {
  const { corsOrigins, headersTimeoutMs } = settings({
    BREAKWATER_GATEWAY_CORS_ORIGINS: "https://a.example, https://b.example",
    BREAKWATER_GATEWAY_REQUEST_TIMEOUT_MS: "500",
  });
  assert.deepEqual(corsOrigins, ["https://a.example", "https://b.example"]);
  assert.equal(headersTimeoutMs, 500);
});
