/** The report of the matrix: a line a point, a total, and the table that docs/faults.md keeps. */
import type { Judged, MatrixReport } from "./run-matrix.ts";
import { percentile, type Tally } from "./tally.ts";

const columns = ["point", "seed", "requests", "calls", "repeated", "orphans", "p99 s", "s"] as const;
const widths = [14, 6, 9, 6, 9, 8, 6, 6] as const;

export const heading = columns.map((column, index) => column.padEnd(widths[index] ?? 0)).join("");

export function lineOf({ point, seed, seconds, tally, violations, name }: Judged): string {
  const cells =
    tally === null
      ? [point, seed, "-", "-", "-", "-", "-", seconds.toFixed(0)]
      : [
          point,
          seed,
          tally.requests,
          tally.served,
          tally.repeated,
          tally.orphans,
          percentile(tally.recoverySeconds, 0.99).toFixed(1),
          seconds.toFixed(0),
        ];
  const line = cells.map((cell, index) => String(cell).padEnd(widths[index] ?? 0)).join("");
  return [line + name, ...violations.slice(0, 10).map((violation) => `  ! ${violation}`)].join("\n");
}

export interface Total extends Omit<Tally, "recoverySeconds"> {
  readonly points: number;
  readonly seeds: readonly number[];
  readonly violations: number;
  readonly recoveryP50Seconds: number;
  readonly recoveryP99Seconds: number;
  readonly mostResidentBytes: number;
}

export function totalOf({ judged, mostResidentBytes }: MatrixReport): Total {
  const tallies = judged.flatMap(({ tally }) => (tally === null ? [] : [tally]));
  const sum = (of: (one: Tally) => number): number => tallies.reduce((total, one) => total + of(one), 0);
  const recovery = tallies.flatMap(({ recoverySeconds }) => recoverySeconds);
  return {
    points: new Set(judged.map(({ point }) => point)).size,
    seeds: [...new Set(judged.map(({ seed }) => seed))],
    violations: judged.reduce((total, { violations }) => total + violations.length, 0),
    requests: sum(({ requests }) => requests),
    hits: sum(({ hits }) => hits),
    lost: sum(({ lost }) => lost),
    twoResults: sum(({ twoResults }) => twoResults),
    started: sum(({ started }) => started),
    served: sum(({ served }) => served),
    unledgered: sum(({ unledgered }) => unledgered),
    repeated: sum(({ repeated }) => repeated),
    orphans: sum(({ orphans }) => orphans),
    orphanUsd: sum(({ orphanUsd }) => orphanUsd),
    orphanHighUsd: sum(({ orphanHighUsd }) => orphanHighUsd),
    mostAttempts: Math.max(0, ...tallies.map(({ mostAttempts }) => mostAttempts)),
    recoveryP50Seconds: percentile(recovery, 0.5),
    recoveryP99Seconds: percentile(recovery, 0.99),
    mostResidentBytes,
  };
}

export function sentenceOf(total: Total): string {
  const { requests, hits, points, seeds, lost, twoResults, served, unledgered, repeated, orphans } = total;
  const share = served === 0 ? 0 : (100 * repeated) / served;
  return [
    `${requests} requests, ${hits} hits at ${points} points, seeds ${seeds.join(", ")}:`,
    `lost ${lost}, duplicate terminal results ${twoResults},`,
    `calls of the provider's own count ${served}, without their row in the ledger ${unledgered},`,
    `paid twice ${repeated} (${share.toFixed(1)} %), orphans ${orphans},`,
    `which cost ${total.orphanUsd.toFixed(6)} dollars and are shown as at most ${total.orphanHighUsd.toFixed(6)},`,
    `attempts at most ${total.mostAttempts},`,
    `recovery p50 ${total.recoveryP50Seconds.toFixed(1)} s, p99 ${total.recoveryP99Seconds.toFixed(1)} s,`,
    `largest process ${(total.mostResidentBytes / 1024 / 1024).toFixed(0)} MiB, laws broken ${total.violations}`,
  ].join(" ");
}

/** A row of the table in docs/faults.md. */
export function tableRow(total: Total, { date, commit }: { readonly date: string; readonly commit: string }): string {
  const cells = [
    date,
    commit,
    total.seeds.join(", "),
    total.points,
    total.requests,
    total.hits,
    total.lost,
    total.twoResults,
    total.served,
    total.unledgered,
    total.repeated,
    total.orphans,
    total.mostAttempts,
    `${total.recoveryP50Seconds.toFixed(1)} / ${total.recoveryP99Seconds.toFixed(1)}`,
    (total.mostResidentBytes / 1024 / 1024).toFixed(0),
    total.violations,
  ];
  return `| ${cells.join(" | ")} |`;
}
