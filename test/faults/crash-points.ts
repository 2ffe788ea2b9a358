/**
 * Points at which a stage's process is hit at an exact moment of its work: by
 * SIGKILL; by SIGSTOP until its session is over and another has taken its work,
 * and then SIGCONT (a zombie); and by SIGTERM. Half of the runs come before, and
 * half when the process or its heir is back.
 */
import { strict as assert } from "node:assert";
import type { StageName } from "../../schemas/parts/codes.ts";
import { snapshotCommits } from "./commit-snapshot.ts";
import { planRuns, type Worker } from "./fault-system.ts";
import type { harnesses } from "./harness.ts";
import { signals, type HitSignal, type Moment } from "./moments.ts";
import type { Deed, Point, Scene } from "./point.ts";

interface CrashPoint {
  readonly id: string;
  readonly stage: StageName;
  readonly moment: Moment;
  readonly name: string;
}

const published = (topic: string, type?: string): Moment => ({
  kind: "published",
  topic,
  ...(type === undefined ? {} : { type }),
});
const started = "breakwater.call.started";
const finished = "breakwater.call.finished";
const invoke = "model-invoke";

const moments: readonly CrashPoint[] = [
  { id: "S1", stage: "input-scan", moment: published("harness-scanned"), name: "attempt written, not committed" },
  { id: "S2", stage: "input-scan", moment: { kind: "committing" }, name: "in the middle of a commit" },
  {
    id: "I1",
    stage: invoke,
    moment: { kind: "publishing", topic: "harness-calls", type: started },
    name: "before the start of a call is written",
  },
  { id: "I2", stage: invoke, moment: published("harness-calls", started), name: "start written, request not sent" },
  { id: "I3", stage: invoke, moment: { kind: "answered", path: "/v1/" }, name: "during the request, paid" },
  {
    id: "I4",
    stage: invoke,
    moment: { kind: "publishing", topic: "harness-calls", type: finished },
    name: "answer in memory, not written",
  },
  { id: "I5", stage: invoke, moment: published("harness-calls", finished), name: "finish written, not marked" },
  { id: "I6", stage: invoke, moment: { kind: "committing" }, name: "in the middle of a commit" },
  { id: "I7", stage: invoke, moment: published("harness-settled"), name: "attempt marked, not committed" },
  { id: "V1", stage: "output-validate", moment: published("harness-retries"), name: "next attempt written" },
  { id: "V2", stage: "output-validate", moment: published("harness-results"), name: "result written" },
  {
    id: "C1",
    stage: "cost-aggregate",
    moment: { kind: "answered", path: "INSERT" },
    name: "rows inserted, not committed",
  },
];

/** The later of the first few: something was done before it. */
const mostTimes: Readonly<Record<string, number>> = { S2: 3, I6: 4, V1: 3, C1: 4 };

export const crashPoints: readonly Point[] = moments.flatMap(({ id, stage, moment, name }) =>
  signals.map((signal) => ({
    id: `${id} ${signal}`,
    name: `${stage}: ${name}`,
    act: (scene) => hitAt(scene, { stage, moment, signal, most: mostTimes[id] ?? 10 }),
  })),
);

export interface Aim {
  readonly stage: StageName;
  readonly moment: Moment;
  readonly signal: HitSignal;
  /** The moment's number is drawn from 1 to this. */
  readonly most: number;
  /** Absent: patient. */
  readonly harness?: keyof typeof harnesses;
}

export async function hitAt(scene: Scene, { stage, moment, signal, most, harness }: Aim): Promise<Deed> {
  const { system, random, clientId } = scene;
  const victim = system.current(stage);
  const runs = planRuns(scene.runs, random, clientId, harness);
  const half = Math.ceil(runs.length / 2);
  victim.arm({ moment, nth: 1 + random(most), signal });
  await system.publish(runs.slice(0, half), random);
  const atMs = await victim.fired(async () => {
    const more = planRuns(2, random, clientId, harness);
    runs.push(...more);
    await system.publish(more, random);
  });
  if (signal === "SIGKILL") await victim.process.exited;
  const snapshots = signal === "SIGTERM" ? [] : [await snapshotCommits(system.whole, stage, scene.since)];
  const second = (): Promise<void> => system.publish(runs.slice(half, scene.runs), random);
  await aftermaths[signal](scene, victim, second);
  const hit = { runs, atMs, hits: 1, killed: [], frozen: [], snapshots };
  if (signal === "SIGKILL") return { ...hit, killed: [victim.id] };
  return signal === "SIGSTOP" ? { ...hit, frozen: [victim.id] } : { ...hit, mostRepeated: 0 };
}

type Aftermath = (scene: Scene, victim: Worker, second: () => Promise<void>) => Promise<void>;

const aftermaths: Readonly<Record<HitSignal, Aftermath>> = {
  async SIGKILL({ system }, victim, second) {
    await system.startCurrent(victim.stage);
    await second();
  },
  async SIGTERM({ system }, victim, second) {
    assert.equal(await victim.process.exited, 0, `${victim.stage} ended in order: ${victim.process.log()}`);
    await system.startCurrent(victim.stage);
    await second();
  },
  /** The heir is ready when the frozen one's session is over. */
  async SIGSTOP({ system }, victim, second) {
    await system.startCurrent(victim.stage);
    assert.ok(!(await system.members(victim.stage)).has(victim.id), "the frozen process is out of the group");
    victim.process.signal("SIGCONT");
    await second();
    await system.until("the woken process is back in its group", async () =>
      (await system.members(victim.stage)).has(victim.id),
    );
    system.noteMemory(victim.process.pid);
    assert.equal(await victim.process.stop(), 0, `${victim.stage} ended in order: ${victim.process.log()}`);
  },
};
