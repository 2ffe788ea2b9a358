/**
 * A held answer from its request to its result, through the real parts: a run
 * is asked for over HTTP, its answer is held, two reviewers at two gateways
 * decide at once, and the run ends as the first by offset said, once. What the
 * gateway shows of it agrees with what the topics hold.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { harness as summarise } from "../../harnesses/summarise/harness.ts";
import { reviewRecord } from "../../schemas/records/review.ts";
import { runResult } from "../../schemas/records/run-result.ts";
import { publishHarnesses } from "../../services/cli/harness/publish-harnesses.ts";
import { stageNames } from "../../services/cli/up/stage-process.ts";
import { definitionVersion } from "../../services/definitions/version.ts";
import { grantKey } from "../support/gateway-keys.ts";
import { WholeSystem } from "../support/whole-system.ts";

/** Far beyond what a slow machine needs. */
const patienceMs = 120_000;
const reviewed = {
  ...summarise,
  name: "reviewed",
  review: { when: "always", timeoutMs: 600_000, onTimeout: "reject" } as const,
};

let system: WholeSystem;
let gateways: readonly [string, string];
let keys: { readonly client: string; readonly ines: string; readonly omar: string; readonly admin: string };

before(async () => {
  system = await WholeSystem.open(0);
  const loaded = { file: "reviewed", version: definitionVersion(reviewed), definition: reviewed };
  await publishHarnesses([loaded], (emissions) => system.stages.producer.publish(emissions));
  keys = {
    client: await grantKey(system.stages, { client: "acme" }),
    ines: await grantKey(system.stages, { client: "desk", review: true, label: "Ines" }),
    omar: await grantKey(system.stages, { client: "desk", review: true, label: "Omar" }),
    admin: await grantKey(system.stages, { client: "operator", admin: true }),
  };
  const start = async (): Promise<string> => {
    const { told } = await system.startOne("gateway", {
      BREAKWATER_GATEWAY_PORT: "0",
      BREAKWATER_GATEWAY_STOP_DELAY_MS: "0",
    });
    return z.object({ address: z.url() }).parse(told).address;
  };
  gateways = [await start(), await start()];
  for (const stage of stageNames) await system.start(stage);
});
after(() => system.close());

interface Told {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function ask(gateway: 0 | 1, key: string, path: string, body?: object): Promise<Told> {
  const answer = await fetch(`${gateways[gateway]}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", prefer: "respond-async" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: z.record(z.string(), z.unknown()).parse(await answer.json()) };
}

/** Asks until it is so. */
async function until(asked: () => Promise<Told>, isSo: (told: Told) => boolean): Promise<Told> {
  const overMs = Date.now() + patienceMs;
  for (;;) {
    const told = await asked();
    if (isSo(told)) return told;
    assert.ok(Date.now() < overMs, JSON.stringify(told));
    await sleep(100);
  }
}

async function heldRun(): Promise<string> {
  const run = { harness: "reviewed", input: { document: "The harbour of Bristol was opened in 1809." } };
  const { status, body } = await ask(0, keys.client, "/v1/runs", run);
  assert.equal(status, 202);
  const runId = z.uuid().parse(body["run_id"]);
  for (const gateway of [0, 1] as const)
    await until(
      () => ask(gateway, keys.ines, `/v1/reviews/${runId}`),
      (told) => told.status === 200,
    );
  return runId;
}

async function valuesOf(topic: string, runId: string): Promise<unknown[]> {
  return (await system.stages.records(topic))
    .filter(({ key }) => String(key) === runId)
    .map(({ value }) => JSON.parse(String(value)));
}

const shownDecision = z.object({ decision: z.string(), reviewer: z.string() });

test("two reviewers at two gateways: one counts, the other is told who, and the run ends as the first said", async () => {
  const runId = await heldRun();
  const queue = await ask(1, keys.omar, "/v1/reviews?harness=reviewed");
  assert.equal(queue.body["waiting"], 1);
  assert.equal((await ask(0, keys.client, `/v1/reviews/${runId}`)).status, 403);
  const path = `/v1/reviews/${runId}/decision`;
  const both = await Promise.all([
    ask(0, keys.ines, path, { decision: "edit", text: "It was opened in 1809. <b>Ines</b>", reason: "shorter" }),
    ask(1, keys.omar, path, { decision: "reject" }),
  ]);
  assert.deepEqual(new Set(both.map(({ status }) => status)), new Set([200, 409]));
  const said = both.map(({ body }) => shownDecision.parse(body["decision"]));
  assert.deepEqual(said[0], said[1], "both are told the same decision");

  const first = said[0]?.reviewer === "desk/Ines" ? "released" : "rejected";
  const ended = await until(
    () => ask(0, keys.client, `/v1/runs/${runId}`),
    ({ body }) => body["state"] === "ended",
  );
  assert.equal(ended.body["status"], first);
  if (first === "released") assert.equal(ended.body["output"], "It was opened in 1809. <b>Ines</b>");
  const results = (await valuesOf("harness-results", runId)).map((value) => runResult.parse(value));
  assert.deepEqual(
    results.map(({ status, review }) => [status, review?.reviewer]),
    [[first, said[0]?.reviewer]],
  );
  const { body } = await ask(1, keys.ines, `/v1/reviews/${runId}`);
  assert.deepEqual(shownDecision.parse(body["decision"]), said[0]);
});

test("an edit is checked as it will be judged, and what is approved goes out as it was held", async () => {
  const runId = await heldRun();
  const check = (text: string) => ask(1, keys.ines, `/v1/reviews/${runId}/check`, { text });
  assert.equal((await check(" ")).body["ok"], false);
  assert.equal((await check("In short.")).body["ok"], true);
  const broken = await ask(1, keys.ines, `/v1/reviews/${runId}/decision`, { decision: "edit", text: " " });
  assert.equal(broken.status, 422);
  const records = (await valuesOf("harness-reviews", runId)).map((value) => reviewRecord.parse(value));
  assert.deepEqual(
    records.map(({ kind }) => kind),
    ["review.held"],
  );
  const { body: held } = await ask(0, keys.ines, `/v1/reviews/${runId}`);
  assert.equal((await ask(0, keys.admin, `/v1/reviews/${runId}/decision`, { decision: "approve" })).status, 200);
  const ended = await until(
    () => ask(1, keys.client, `/v1/runs/${runId}`),
    ({ body }) => body["state"] === "ended",
  );
  assert.deepEqual([ended.body["status"], ended.body["output"]], ["released", held["output"]]);

  const timeline = z.object({
    result: z.unknown(),
    reviews: z.array(z.object({ event: z.string(), reviewer: z.string().nullable() })),
  });
  const shown = await until(
    () => ask(0, keys.admin, `/v1/runs/${runId}`),
    ({ body }) => {
      const { result = null, reviews = [] } = timeline.safeParse(body["timeline"]).data ?? {};
      return result !== null && reviews.length > 1;
    },
  );
  assert.deepEqual(
    timeline.parse(shown.body["timeline"]).reviews.map(({ event, reviewer }) => [event, reviewer]),
    [
      ["held", null],
      ["decided", "operator"],
    ],
  );
  const found = await ask(1, keys.admin, `/v1/runs?status=released&run=${runId}`);
  assert.equal(z.array(z.object({ run_id: z.string() })).parse(found.body["runs"])[0]?.run_id, runId);
});
