/**
 * Points at which output-validate is hit while it holds answers for people, or
 * asks a moderation: at each step from the held answer to its release, by the
 * same signals as elsewhere; while it only waits; and while people decide
 * without it.
 */
import { strict as assert } from "node:assert";
import { reviewRecord } from "../../schemas/records/review.ts";
import { hitAt, type Aim } from "./crash-points.ts";
import { planRuns } from "./fault-system.ts";
import { signals } from "./moments.ts";
import type { Deed, Point, Scene } from "./point.ts";
import { openReviewers } from "./reviewers.ts";

const stage = "output-validate";
const reviews = "harness-reviews";
const results = "harness-results";
const held = "breakwater.review.held";
const decided = "breakwater.review.decided";
const moderations = "/v1/moderations";
const finished = "breakwater.call.finished";

interface Step extends Pick<Aim, "moment" | "harness"> {
  readonly id: string;
  readonly name: string;
}

const steps: readonly Step[] = [
  {
    id: "H1",
    harness: "reviewed",
    moment: { kind: "published", topic: reviews, type: held },
    name: "answer held, not committed",
  },
  {
    id: "H2",
    harness: "reviewed",
    moment: { kind: "publishing", topic: results },
    name: "decision read, result not written",
  },
  {
    id: "H3",
    harness: "reviewed",
    moment: { kind: "published", topic: results },
    name: "answer released, decision not committed",
  },
  {
    id: "H4",
    harness: "unattended",
    moment: { kind: "publishing", topic: reviews, type: decided },
    name: "a review's time is over, not written",
  },
  {
    id: "O1",
    harness: "moderated",
    moment: { kind: "requested", path: moderations },
    name: "during a moderation call",
  },
  {
    id: "O2",
    harness: "moderated",
    moment: { kind: "publishing", topic: "harness-calls", type: finished },
    name: "moderation in memory, not written",
  },
  {
    id: "O3",
    harness: "moderated",
    moment: { kind: "published", topic: "harness-calls", type: finished },
    name: "moderation written, result not",
  },
];

/** People decide all the while, until every run has its result. */
async function withPeople(scene: Scene, act: () => Promise<Deed>): Promise<Deed> {
  const people = openReviewers(scene);
  try {
    const deed = await act();
    await scene.system.untilEnded(deed.runs, scene.since);
    return deed;
  } finally {
    await people.leave();
  }
}

/** All answers are held and the process waits; people decide when it is gone, and the next one hears of it. */
async function killedWhileHeld(scene: Scene): Promise<Deed> {
  const { system, random, clientId, since } = scene;
  const runs = planRuns(scene.runs, random, clientId, "reviewed");
  const answered = runs.filter(({ endings }) => !endings.includes("refused"));
  await system.publish(runs, random);
  await system.until("every answer is held", async () => {
    const records = await system.whole.stages.records(reviews, since.ends.get(reviews));
    const found = records.map(({ value }) => reviewRecord.parse(JSON.parse(String(value))).run_id);
    return new Set(found).size === answered.length;
  });
  const atMs = Date.now();
  const victim = system.current(stage);
  await victim.process.kill();
  const given = await system.resultTimes(since);
  assert.ok(!answered.some(({ runId }) => given.has(runId)), "given while nobody has decided");
  return withPeople(scene, async () => {
    await system.startCurrent(stage);
    return { runs, atMs, hits: 1, killed: [victim.id], frozen: [] };
  });
}

export const reviewPoints: readonly Point[] = [
  ...steps.flatMap(({ id, name, ...aim }) =>
    signals.map((signal): Point => ({
      id: `${id} ${signal}`,
      name: `${stage}: ${name}`,
      act: (scene) => {
        const hit = (): Promise<Deed> => hitAt(scene, { ...aim, stage, signal, most: 10 });
        return aim.harness === "reviewed" ? withPeople(scene, hit) : hit();
      },
    })),
  ),
  { id: "H5", name: `${stage}: killed while every answer is held, decided meanwhile`, act: killedWhileHeld },
];
