/** What Prometheus is told, and what it is told only where it means something. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openGatewayMetrics } from "./gateway-metrics.ts";

test("refusals are counted by status and code, accepted runs by whether they joined one", async () => {
  const metrics = openGatewayMetrics(() => 3);
  metrics.refused(429, "rate_limited");
  metrics.refused(429, "rate_limited");
  metrics.accepted(true);
  const text = await metrics.read();
  assert.match(text, /^breakwater_gateway_refused_total\{[^}]*code="rate_limited"[^}]*\} 2$/m);
  assert.match(text, /^breakwater_gateway_accepted_total\{[^}]*="true"[^}]*\} 1$/m);
  assert.match(text, /^http_server_active_requests 3$/m);
  await metrics.close();
});

test("whether limits are shared is told once it is known, as it is when asked", async () => {
  const metrics = openGatewayMetrics(() => 0);
  assert.doesNotMatch(await metrics.read(), /limits_shared/);
  let isShared = true;
  metrics.observeLimits(() => isShared);
  assert.match(await metrics.read(), /^breakwater_gateway_limits_shared 1$/m);
  isShared = false;
  assert.match(await metrics.read(), /^breakwater_gateway_limits_shared 0$/m);
  await metrics.close();
});

test("requests are timed, with labels from closed sets and nothing of the machine", async () => {
  const metrics = openGatewayMetrics(() => 0);
  metrics.answered({ method: "POST", route: "/v1/runs", status: 200, access: "run" }, 250);
  metrics.answered({ method: "BREW", route: "none", status: 405, access: "none" }, 1);
  const text = await metrics.read();
  const seconds = "http_server_request_duration_seconds";
  const run =
    'http_request_method="POST",http_route="/v1/runs",http_response_status_code="200",breakwater_access="run"';
  const odd = 'http_request_method="other",http_route="none",http_response_status_code="405",breakwater_access="none"';
  assert.ok(text.includes(`${seconds}_sum{${run}} 0.25\n`), text);
  assert.ok(text.includes(`${seconds}_count{${odd}} 1\n`), text);
  assert.doesNotMatch(text, /BREW|node_modules/);
  await metrics.close();
});
