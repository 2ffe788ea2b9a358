import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { describeGateway, gatewayPort } from "./gateway-address.ts";

async function taken(): Promise<{ readonly port: number; readonly free: () => void }> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return { port: address.port, free: () => void server.close() };
}

test("a port that is named is taken as it is, whoever holds it", async () => {
  const { port, free } = await taken();
  assert.equal(await gatewayPort({ BREAKWATER_GATEWAY_PORT: String(port) }), port);
  free();
});

test("0 is any free port, and one that can be kept", async () => {
  const port = await gatewayPort({ BREAKWATER_GATEWAY_PORT: "0" });
  assert.ok(port > 0);
});

test("without a name it is 8080, or another when that is taken", async () => {
  const port = await gatewayPort({});
  assert.ok(port > 0);
  const holder = createServer();
  await once(holder.listen(port, "127.0.0.1"), "listening");
  assert.notEqual(await gatewayPort({}), port);
  holder.close();
});

test("the first key is told when there is one", () => {
  assert.match(describeGateway("http://127.0.0.1:8080", { key: "bw_1" }, true).join("\n"), /bw_1/);
  assert.doesNotMatch(describeGateway("http://127.0.0.1:8080", null, false).join("\n"), /key/);
});
