import assert from "node:assert/strict";
import { test } from "node:test";
import { definitionOf, runIdOf, taskOf } from "../../../test/support/model-invoke-fixtures.ts";
import { startedRecord } from "../interpret.ts";
import { breakerLog, keyLog, unansweredLog, unauthorizedAlarm, type OperatorLogger } from "./operator-log.ts";

function recording(): { readonly logger: OperatorLogger; readonly lines: string[] } {
  const lines: string[] = [];
  const write = (level: string) => (fields: object) => void lines.push(`${level} ${JSON.stringify(fields)}`);
  return { logger: { info: write("info"), warn: write("warn"), error: write("error") }, lines };
}

function startOf(tier: number) {
  const ids = {
    callNo: 1,
    callId: runIdOf(1),
    worker: "w",
    nowMs: 0,
    timeoutMs: 1000,
    tariff: { provider: "openai" },
  };
  return startedRecord({ task: taskOf(1), definition: definitionOf(), tier, ...ids });
}

test("a rejected key is an error, told once for a provider and again after ten minutes", () => {
  const { logger, lines } = recording();
  let nowMs = 0;
  const alarm = unauthorizedAlarm(logger, () => nowMs);
  const ending = {
    outcome: "unauthorized",
    answer: null,
    usage: null,
    error: { code: "invalid_api_key", status: 401 },
  } as const;
  alarm(startOf(0), ending);
  alarm(startOf(2), ending);
  assert.deepEqual(lines, ['error {"provider":"openai","model":"gpt-4o","status":401,"code":"invalid_api_key"}']);
  alarm(startOf(1), ending);
  assert.equal(lines.length, 2, "another provider is told on its own");
  nowMs = 600_000;
  alarm(startOf(0), ending);
  assert.equal(lines.length, 3);
});

test("that no key is left is said at once, though another key was told of a moment ago", () => {
  const { logger, lines } = recording();
  const alarm = unauthorizedAlarm(logger, () => 0);
  const rejected = { outcome: "unauthorized", answer: null, usage: null } as const;
  alarm(startOf(0), { ...rejected, error: { code: "invalid_api_key", other_key: true } });
  alarm(startOf(0), { ...rejected, error: { code: "invalid_api_key" } });
  alarm(startOf(0), { ...rejected, error: { code: "provider_unknown" } });
  alarm(startOf(0), { ...rejected, error: { code: "api_key_missing" } });
  assert.equal(lines.length, 4);
});

test("a key that is out is a warning with its fingerprint, its return is not", () => {
  const { logger, lines } = recording();
  const change = { provider: "groq", model: "*", fingerprint: "0a1b2c3d", position: 2 };
  const log = keyLog(logger);
  log({ ...change, trouble: { kind: "rejected", untilMs: 0, code: "invalid_api_key" } });
  log({ ...change, trouble: null });
  assert.deepEqual(lines, [
    'warn {"provider":"groq","model":"*","key":2,"fingerprint":"0a1b2c3d","code":"invalid_api_key","forMs":0}',
    'info {"provider":"groq","model":"*","key":2,"fingerprint":"0a1b2c3d"}',
  ]);
});

test("a breaker that opens is a warning, its recovery is not", () => {
  const { logger, lines } = recording();
  const log = breakerLog(logger);
  for (const state of ["open", "half_open", "closed"] as const) log({ provider: "openai", model: "gpt-4o" }, state);
  assert.deepEqual(
    lines.map((line) => line.split(" ")[0]),
    ["warn", "info", "info"],
  );
});

test("a run that no model answered is a warning with the codes of every tier, and no word of anybody's", () => {
  const { logger, lines } = recording();
  unansweredLog(logger)(taskOf(1), [
    { code: "server_error", message: "openai/gpt-4o: server_error", rule: "tier_0" },
    { code: "breaker_open", message: "anthropic/claude: breaker_open", rule: "tier_1" },
    { code: "stale_answer", message: "what run 1 was answered" },
  ]);
  const { run_id, client_id, harness } = taskOf(1);
  const why = ["tier_0 server_error", "tier_1 breaker_open", "stale_answer"];
  const fields = { run_id, attempt: 1, client_id, harness: `${harness.name}@${harness.version}`, why };
  assert.deepEqual(lines, [`warn ${JSON.stringify(fields)}`]);
});
