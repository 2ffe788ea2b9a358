/**
 * Points at which processes come and go, and at which the provider misbehaves:
 * scaling under load, a storm of joins and leaves, all of them gone at once, one
 * of two killed, a zombie with calls under way.
 */
import { strict as assert } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultRule } from "../../infra/embedded/stand-in/fault-rules.ts";
import { stageNames } from "../../services/cli/up/stage-process.ts";
import { callRecord } from "../../schemas/records/call.ts";
import { planRuns, type FaultSystem, type Worker } from "./fault-system.ts";
import { asksAgain, planRun, type PlannedRun } from "./harness.ts";
import type { Deed, Point, Scene } from "./point.ts";
import type { Random } from "./random.ts";

const stage = "model-invoke";
const repeatsNothing = { killed: [], frozen: [], mostRepeated: 0 } as const;

/** The next so many of the runs. */
function slices(runs: readonly PlannedRun[], parts: number): readonly (readonly PlannedRun[])[] {
  const size = Math.ceil(runs.length / parts);
  return Array.from({ length: parts }, (_, index) => runs.slice(index * size, (index + 1) * size));
}

async function hasCalled({ system, since }: Scene, worker: Worker): Promise<boolean> {
  const records = await system.whole.stages.records("harness-calls", since.ends.get("harness-calls"));
  return records.some(({ value }) => callRecord.parse(JSON.parse(String(value))).worker === worker.id);
}

/** The second one takes its share, and all of it when the first one leaves. */
async function scaledUpAndDown(scene: Scene): Promise<Deed> {
  const { system, random, clientId } = scene;
  const runs = planRuns(scene.runs, random, clientId);
  const parts = slices(runs, 4);
  const publish = (part: number): Promise<void> => system.publish(parts[part] ?? [], random);
  await publish(0);
  const atMs = Date.now();
  const first = system.current(stage);
  const second = await system.startCurrent(stage);
  await publish(1);
  await system.until("the second one calls", () => hasCalled(scene, second));
  await publish(2);
  assert.equal(await first.process.stop(), 0, first.process.log());
  await publish(3);
  return { ...repeatsNothing, runs, atMs, hits: 2 };
}

/** Joins and leaves in order, one every few seconds, records flowing. */
async function rebalanceStorm({ system, random, runs: count, clientId }: Scene): Promise<Deed> {
  const rounds = 4;
  const runs = planRuns(count, random, clientId);
  const parts = slices(runs, rounds * 2);
  const atMs = Date.now();
  for (let round = 0; round < rounds; round += 1) {
    await system.publish(parts[round * 2] ?? [], random);
    const guest = await system.start(stage);
    await system.publish(parts[round * 2 + 1] ?? [], random);
    await sleep(random(3000));
    assert.equal(await guest.process.stop(), 0, guest.process.log());
  }
  return { ...repeatsNothing, runs, atMs, hits: rounds * 2 };
}

async function allKilled({ system, random, runs: count, clientId, since }: Scene): Promise<Deed> {
  const runs = planRuns(count, random, clientId);
  await system.publish(runs, random);
  await system.until("some runs have ended", async () => (await system.resultTimes(since)).size > random(count / 2));
  const atMs = Date.now();
  const victims = stageNames.map((name) => system.current(name));
  await Promise.all(victims.map(({ process }) => process.kill()));
  await Promise.all(stageNames.map((name) => system.startCurrent(name)));
  return { runs, atMs, hits: victims.length, killed: victims.map(({ id }) => id), frozen: [] };
}

async function oneOfTwoKilled(scene: Scene): Promise<Deed> {
  const { system, random, clientId } = scene;
  const victim = system.current(stage);
  await system.startCurrent(stage);
  const runs = planRuns(scene.runs, random, clientId);
  await system.publish(runs, random);
  await system.until("the victim calls", () => hasCalled(scene, victim));
  const atMs = Date.now();
  await victim.process.kill();
  return { runs, atMs, hits: 1, killed: [victim.id], frozen: [] };
}

/** Its calls are answered while it stands still; when it goes on, the runs are long over. */
async function zombie(scene: Scene): Promise<Deed> {
  const { system, random, clientId, since } = scene;
  const victim = system.current(stage);
  const runs = planRuns(scene.runs, random, clientId);
  await system.whole.standIn.script({ rules: [{ match: { after: 3 }, effect: { kind: "held" } }, ...asksAgain] });
  await system.publish(runs, random);
  await system.until("calls are held", async () => (await system.whole.standIn.inFlight()) >= 4);
  const atMs = Date.now();
  victim.process.signal("SIGSTOP");
  await system.startCurrent(stage);
  await system.calm();
  await system.untilEnded(runs, since);
  const before = await lowest(system);
  victim.process.signal("SIGCONT");
  await system.until("it is back in its group", async () => (await system.members(stage)).has(victim.id));
  assert.equal(await victim.process.stop(), 0, victim.process.log());
  const after = await lowest(system);
  assert.deepEqual(
    [...before].filter(([place, low]) => (after.get(place) ?? -1n) < low),
    [],
    "a commit went back",
  );
  return { runs, atMs, hits: 1, killed: [], frozen: [victim.id] };
}

async function lowest(system: FaultSystem): Promise<ReadonlyMap<string, bigint>> {
  const positions = await system.positions(stage);
  return new Map(positions.map(({ topic, partition, committed }) => [`${topic}/${partition}`, committed]));
}

/** One call in five, each in one of these ways. */
function chaosRules(random: Random): FaultRule[] {
  const effects: readonly FaultRule["effect"][] = [
    { kind: "status", status: 429, retryAfterSeconds: 1 },
    { kind: "status", status: 500 },
    { kind: "hang" },
    { kind: "not_json_body" },
    { kind: "broken_json" },
    { kind: "stall", afterEvents: 2 },
    { kind: "cut_body" },
    { kind: "reset" },
    { kind: "latency", ms: 2500 },
  ];
  const share = 0.2 / effects.length;
  return effects.map((effect) => ({ match: { share, seed: random(1_000_000) }, effect }));
}

async function providerChaos({ system, random, runs: count, clientId, since }: Scene): Promise<Deed> {
  const runs = Array.from({ length: count * 2 }, () => planRun(random, clientId, "hasty"));
  await system.whole.standIn.script({ rules: [...chaosRules(random), ...asksAgain] });
  const atMs = Date.now();
  await system.publish(runs, random);
  await system.untilEnded(runs, since);
  await system.untilQuiet();
  await system.calm();
  return { ...repeatsNothing, runs, atMs, hits: 0, deadLetters: { "harness-calls-dlq": BigInt(runs.length) } };
}

async function chaosAndKill(scene: Scene): Promise<Deed> {
  const { system, random } = scene;
  const victim = system.current(stage);
  victim.arm({ moment: { kind: "answered", path: "/v1/" }, nth: 5 + random(20), signal: "SIGKILL" });
  const [deed] = await Promise.all([
    providerChaos(scene),
    victim.process.exited.then(() => system.startCurrent(stage)),
  ]);
  return { runs: deed.runs, atMs: await victim.fired(), hits: 1, killed: [victim.id], frozen: [], ...letters(deed) };
}

function letters({ deadLetters }: Deed): Pick<Deed, "deadLetters"> {
  return deadLetters === undefined ? {} : { deadLetters };
}

export const membershipPoints: readonly Point[] = [
  { id: "M1", name: "model-invoke scaled 1 -> 2 -> 1 under load", act: scaledUpAndDown },
  { id: "M2", name: "model-invoke: joins and leaves every few seconds", act: rebalanceStorm },
  { id: "M3", name: "all stages killed at one moment", act: allKilled },
  { id: "M4", name: "model-invoke: one of two killed", act: oneOfTwoKilled },
  { id: "Z1", name: "model-invoke frozen with calls under way, woken when they are done elsewhere", act: zombie },
  { id: "P1", name: "a provider that fails one call in five", act: providerChaos },
  { id: "P2", name: "the same, and model-invoke killed in the middle of it", act: chaosAndKill },
];
