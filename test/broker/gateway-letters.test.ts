/**
 * A dead letter replayed over HTTP against the whole system: it is told with
 * what made it, priced, and run again once as a new run that ends well and is
 * paid once, however often it is asked for.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { z } from "zod";
import { ensureFirstKey } from "../../services/cli/keys/first-key.ts";
import { publishHarnesses } from "../../services/cli/harness/publish-harnesses.ts";
import { definitionVersion } from "../../services/definitions/version.ts";
import {
  estimateView,
  groupsView,
  letterDocument,
  replaysView,
} from "../../services/gateway/dead-letters/letter-views.ts";
import { requestEmission } from "../../services/runtime/requests/request-record.ts";
import { newRunId } from "../../services/runtime/requests/run-ids.ts";
import type { Publish } from "../../services/runtime/stage.ts";
import { sampleHarness } from "../support/sample-definition.ts";
import { WholeSystem } from "../support/whole-system.ts";

let system: WholeSystem;
let url = "";
let key = "";
const publish: Publish = (emissions) => system.stages.producer.publish(emissions);

before(async () => {
  system = await WholeSystem.open(0);
  const { reader } = system.stages;
  key = (await ensureFirstKey({ reader, producer: () => Promise.resolve({ publish }) }))?.key ?? "";
  const gateway = await system.startOne("gateway", { BREAKWATER_GATEWAY_PORT: "0" });
  url = z.object({ address: z.url() }).parse(gateway.told).address;
  for (const stage of ["cost-aggregate", "output-validate", "model-invoke", "input-scan"] as const)
    await system.start(stage);
});
after(() => system.close());

async function ask<T>(schema: z.ZodType<T>, path: string, body?: object): Promise<T> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const more = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`${url}/v1${path}`, { headers, ...more });
  const answer: unknown = await response.json();
  assert.ok(response.ok, JSON.stringify(answer));
  return schema.parse(answer);
}

const groups = () => ask(groupsView, "/dead-letters?code=harness_unknown");
const runShown = z.looseObject({ state: z.string(), status: z.string().optional() });
const paid = (): number => system.standIn.calls().length;

test("a letter is replayed once: estimated before, a new run with its own result after, paid once", async () => {
  const knobs = { output: { repair: false, reask: true, escalate: false } };
  const definition = sampleHarness({ name: "late-comer", knobs });
  const run_id = newRunId();
  const input = { text: "What does ann@example.com say?" };
  await publish([requestEmission({ run_id, harness: "late-comer", client_id: "acme", input })]);
  await system.until("the dead letter", async () => (await groups()).groups.length > 0);
  const [group] = (await groups()).groups;
  assert.deepEqual([group?.harness, group?.letters, group?.replayed], ["late-comer", 1, 0]);
  const [ref = ""] = group?.examples ?? [];
  assert.doesNotMatch(JSON.stringify(await ask(letterDocument, `/dead-letters/${ref}`)), /ann@/);

  const version = definitionVersion(definition);
  await publishHarnesses([{ definition, version, file: "late-comer.yaml" }], publish);
  const estimated = async () => ask(estimateView, "/dead-letters/replays/estimate", { letters: [ref] });
  await system.until("the harness at the gateway", async () => (await estimated()).by_harness[0]?.is_known === true);
  const { total } = await estimated();
  assert.deepEqual([total.runs, total.expected_usd], [1, null]);
  assert.ok(Number(total.worst_case_usd) > 0);
  assert.equal(paid(), 0);

  const marked = async () => (await ask(letterDocument, `/dead-letters/${ref}`)).replays;
  const first = await ask(replaysView, "/dead-letters/replays", { letters: [ref] });
  assert.equal(first.published, 1);
  const runId = first.replays[0]?.run_id ?? "";
  await system.until("the replay in the ledger", async () => (await marked())?.[0]?.status === "ok");
  const { state, status } = await ask(runShown, `/runs/${runId}`);
  assert.deepEqual([state, status], ["ended", "ok"]);
  assert.notEqual(runId, run_id);

  assert.deepEqual(await marked(), [{ run_id: runId, replay: 1, status: "ok" }]);
  const again = await ask(replaysView, "/dead-letters/replays", { group: group?.group ?? "" });
  assert.deepEqual([again.published, again.replays.length], [0, 0]);
  const named = await ask(replaysView, "/dead-letters/replays", { letters: [ref] });
  assert.deepEqual([named.published, named.replays[0]?.kind], [0, "already"]);
  assert.equal(paid(), 1);
  const { total: after } = await ask(estimateView, "/dead-letters/replays/estimate", { letters: [ref], force: true });
  assert.ok(after.expected_usd !== null && Number(after.expected_usd) <= Number(after.worst_case_usd));
});
