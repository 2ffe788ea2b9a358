/**
 * Runs points of the matrix, one system a seed, each point judged for itself by
 * the auditor from topics, ledger and the provider's own file, and once more
 * all together when a seed is done. A point that breaks a law, or never comes to
 * its moment, fails; the others go on.
 */
import { audit, type Evidence } from "../support/auditor.ts";
import { gatherEvidence, type Mark } from "../support/evidence.ts";
import { committedEarly } from "./commit-snapshot.ts";
import { FaultSystem } from "./fault-system.ts";
import type { Deed, Point } from "./point.ts";
import { keepsContract } from "./reviewers.ts";
import { createRandom } from "./random.ts";
import { tally, type Tally } from "./tally.ts";

export interface Judged {
  readonly point: string;
  readonly name: string;
  readonly seed: number;
  readonly seconds: number;
  /** Null when the point did not come to its end. */
  readonly tally: Tally | null;
  readonly violations: readonly string[];
}

export interface MatrixRun {
  readonly points: readonly Point[];
  readonly seeds: readonly number[];
  /** For each point. */
  readonly runs: number;
  readonly brokers?: 1 | 3;
  readonly onJudged?: (judged: Judged) => void;
}

export interface MatrixReport {
  readonly judged: readonly Judged[];
  readonly mostResidentBytes: number;
}

export async function runMatrix({ points, seeds, runs, brokers = 1, onJudged }: MatrixRun): Promise<MatrixReport> {
  const judged: Judged[] = [];
  let mostResidentBytes = 0;
  for (const seed of seeds) {
    const system = await FaultSystem.open(brokers);
    try {
      for (const point of points) {
        const one = await judge(system, point, seed, runs);
        judged.push(one);
        onJudged?.(one);
        if (one.tally === null) break;
      }
      mostResidentBytes = Math.max(mostResidentBytes, system.mostResidentBytes);
    } finally {
      await system.close();
    }
  }
  return { judged, mostResidentBytes };
}

async function judge(system: FaultSystem, point: Point, seed: number, runs: number): Promise<Judged> {
  const startedMs = performance.now();
  const known = { point: point.id, name: point.name, seed };
  const seconds = (): number => (performance.now() - startedMs) / 1000;
  try {
    const since = await system.mark();
    const random = createRandom(seed * 1000 + hashOf(point.id));
    const clientId = `${point.id.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}-${seed}`;
    const deed = await point.act({ system, random, runs, clientId, since });
    const times = await system.untilEnded(deed.runs, since);
    await system.untilQuiet();
    const { evidence, violations } = await auditDeed(system, deed, since);
    const tallied = tally(evidence, deed, times);
    const most = deed.mostRepeated ?? Number.POSITIVE_INFINITY;
    const beyond = tallied.repeated > most ? [`${tallied.repeated} calls repeated, at most ${most} may be`] : [];
    return { ...known, seconds: seconds(), tally: tallied, violations: [...violations, ...beyond] };
  } catch (error) {
    return { ...known, seconds: seconds(), tally: null, violations: [String(error)] };
  }
}

async function auditDeed(
  system: FaultSystem,
  deed: Deed,
  since: Mark,
): Promise<{ readonly evidence: Evidence; readonly violations: readonly string[] }> {
  const evidence = await gatherEvidence(system.whole, new Set(deed.runs.map(({ runId }) => runId)), since);
  const { violations } = audit(evidence, {
    killed: new Set(deed.killed),
    frozen: new Set(deed.frozen),
    canStand: keepsContract,
    endings: new Map(deed.runs.map(({ runId, endings }) => [runId, endings])),
    ...(deed.deadLetters === undefined ? {} : { deadLetters: deed.deadLetters }),
  });
  const early = await Promise.all(
    (deed.snapshots ?? []).map((snapshot) => committedEarly(system.whole, snapshot, since)),
  );
  return { evidence, violations: [...violations, ...early.flat()] };
}

/** So that each point of a seed draws numbers of its own, whatever else runs. */
function hashOf(text: string): number {
  return Buffer.from(text).reduce((sum, byte) => (sum * 31 + byte) % 1000, 7);
}
