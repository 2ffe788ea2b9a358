/**
 * Two gateways under load, and one that ends in the middle of it: after kill -9
 * its callers ask the other one again under the same Idempotency-Keys, and each
 * run has one result and was paid once; SIGTERM fails no request. The provider
 * holds its answers until the test lets go, so no machine is too fast or slow.
 */
import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { harness as assistant } from "../../harnesses/assistant/harness.ts";
import { publishHarnesses } from "../../services/cli/harness/publish-harnesses.ts";
import { stageNames } from "../../services/cli/up/stage-process.ts";
import { definitionVersion } from "../../services/definitions/version.ts";
import { audit, positionsBehind } from "../support/auditor.ts";
import { gatherEvidence, positionsOf } from "../support/evidence.ts";
import { grantKey } from "../support/gateway-keys.ts";
import type { StageProcess } from "../support/stage-processes.ts";
import { WholeSystem } from "../support/whole-system.ts";

/** Far beyond what a slow machine needs. */
const patienceMs = 600_000;
/** As the worked example, but it waits for a provider that holds its answers. */
const patient = {
  ...assistant,
  name: "patient",
  models: assistant.models.map((model) => ({ ...model, timeoutMs: patienceMs })),
  deadlineMs: patienceMs,
};
const settings = {
  BREAKWATER_GATEWAY_PORT: "0",
  BREAKWATER_GATEWAY_MAX_WAIT_MS: String(patienceMs),
  BREAKWATER_GATEWAY_STOP_DELAY_MS: "0",
  BREAKWATER_DRAIN_TIMEOUT_MS: String(patienceMs),
};

interface Gateway {
  readonly url: string;
  readonly process: StageProcess;
}

interface Answer {
  readonly status: number;
  readonly runId: string;
  readonly text: string;
  readonly isReplay: boolean;
  /** It was asked for a second time. */
  readonly isRetry: boolean;
}

let system: WholeSystem;
let key = "";
let staying: Gateway;
/** Of all tests, as the books are of all of them. */
const runIds = new Set<string>();

async function startGateway(): Promise<Gateway> {
  const process = await system.startOne("gateway", settings);
  return { url: z.object({ address: z.url() }).parse(process.told).address, process };
}

before(async () => {
  system = await WholeSystem.open(0);
  const loaded = { file: "patient", version: definitionVersion(patient), definition: patient };
  await publishHarnesses([loaded], (emissions) => system.stages.producer.publish(emissions));
  const limits = { concurrency: "1000", tokensPerMinute: "100000000", requestsPerMinute: "100000" };
  key = await grantKey(system.stages, { client: "auditor", ...limits });
  staying = await startGateway();
  for (const stage of stageNames) await system.start(stage, { BREAKWATER_DRAIN_TIMEOUT_MS: "60000" });
});
after(() => system.close());

const answer = z.object({ choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })]) });

/** Errors: TypeError when the connection fails. */
async function askAt({ url }: Gateway, name: string): Promise<Omit<Answer, "isRetry">> {
  const messages = [{ role: "user", content: `What is written on page ${name}?` }];
  const sent = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "idempotency-key": name },
    body: JSON.stringify({ model: "patient", max_tokens: 64, messages }),
  });
  const body = await sent.text();
  assert.equal(sent.status, 200, body);
  return {
    status: sent.status,
    runId: sent.headers.get("breakwater-run-id") ?? "",
    text: answer.parse(JSON.parse(body)).choices[0].message.content,
    isReplay: sent.headers.get("idempotent-replayed") === "true",
  };
}

/** As a client does behind a load balancer: when the connection fails it asks the other gateway, under the same key. */
async function ask(first: Gateway, name: string): Promise<Answer> {
  try {
    return { ...(await askAt(first, name)), isRetry: false };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { ...(await askAt(staying, name)), isRetry: true };
  }
}

function load(gateways: readonly Gateway[], wave: string, runs: number): readonly Promise<Answer>[] {
  const asked = Array.from({ length: runs }, (_, no) =>
    ask(gateways[no % gateways.length] ?? staying, `${wave}-${no}`),
  );
  for (const one of asked) one.catch(() => undefined);
  return asked;
}

/** The provider answers the first so many calls and holds the others until `letGo`. */
async function holdAfter(calls: number): Promise<void> {
  await system.standIn.script({ rules: [{ match: { after: calls }, effect: { kind: "held" } }] });
}

async function letGo(): Promise<void> {
  await system.standIn.script({ rules: [] });
}

/** That many requests more than at the mark are taken in, and the provider holds some. */
async function takenIn(mark: number, runs: number): Promise<void> {
  await system.until(`${runs} requests are taken in`, async () => (await requests()) >= mark + runs);
  await system.until("the provider holds some", async () => (await system.standIn.inFlight()) > 0);
}

function requests(): Promise<number> {
  return system.count("harness-requests");
}

async function audited(t: TestContext, answers: readonly Answer[]): Promise<void> {
  for (const { runId } of answers) runIds.add(runId);
  await system.until("everything is committed", async () => {
    return positionsBehind(await positionsOf(system.stages, stageNames)).length === 0;
  });
  const { violations, figures } = audit(await gatherEvidence(system, runIds), { killed: new Set() });
  t.diagnostic(JSON.stringify(figures));
  assert.equal(violations.slice(0, 10).join("\n"), "", `${violations.length} laws broken`);
  assert.deepEqual(
    [figures.documents, figures.callsServed, figures.callsRepeated, figures.orphans],
    [runIds.size, runIds.size, 0, 0],
    "each run was paid once",
  );
}

test("kill -9 of a gateway under load: asked again at the other, each run has one result, and was paid once", async (t) => {
  const dying = await startGateway();
  const mark = await requests();
  await holdAfter(40);
  const taken = load([dying, staying], "taken", 100);
  await takenIn(mark, 100);
  await Promise.any(taken);
  // Nobody waits for these: the kill finds some on the way in, some claimed, some published.
  const underWay = load([dying, staying], "under-way", 100);
  await takenIn(mark, 110);
  await dying.process.kill();
  await letGo();
  const answers = await Promise.all([...taken, ...underWay]);
  const retries = answers.filter(({ isRetry }) => isRetry);
  t.diagnostic(`${retries.length} asked again, ${retries.filter(({ isReplay }) => isReplay).length} had been taken in`);
  assert.ok(retries.some(({ isReplay }) => isReplay));
  assert.equal(new Set(answers.map(({ runId }) => runId)).size, 200);
  await audited(t, answers);
  const [again, first] = [await askAt(staying, "taken-0"), await taken[0]];
  assert.deepEqual([again.runId, again.text, again.isReplay], [first?.runId, first?.text, true]);
});

test("SIGTERM of a gateway under load: every request that it has is answered, and no new one fails", async (t) => {
  const stopping = await startGateway();
  const mark = await requests();
  await holdAfter(0);
  const held = load([stopping], "held", 50);
  await takenIn(mark, 50);
  const stopped = stopping.process.stop();
  await refuses(stopping);
  const late = load([stopping, staying], "late", 20);
  await letGo();
  const answers = await Promise.all([...held, ...late]);
  assert.equal(await stopped, 0);
  assert.deepEqual(new Set((await Promise.all(held)).map(({ isRetry }) => isRetry)), new Set([false]));
  await audited(t, answers);
});

/** Resolves when it takes no connection any more. */
async function refuses({ url }: Gateway): Promise<void> {
  const isOpen = (): Promise<boolean> =>
    fetch(`${url}/readyz`, { headers: { connection: "close" } }).then(
      () => true,
      () => false,
    );
  while (await isOpen()) await sleep(20);
}
