/**
 * What replays may cost: at most by the price table, and as far as it can be
 * expected from what runs of their harnesses cost lately. A run of a harness
 * that there is no more ends before any call and costs nothing. Pure.
 */
import { mostOfReplay } from "../../dead-letters/replay/replay-cost.ts";
import type { PreparedReplay } from "../../dead-letters/replay/prepare-replay.ts";
import { spentBy, type HarnessSpend, type Spent } from "../../ledger/operations/harness-spend.ts";
import type { NegotiatedPrices } from "../../pricing/negotiated-prices.ts";
import { addKnownUsd, Decimal, toUsd } from "../../pricing/usd.ts";
import type { Definitions } from "../../runtime/definitions.ts";
import type { EstimateView, ReplayView } from "./letter-views.ts";

export interface EstimateInputs {
  readonly harnesses: Pick<Definitions, "current" | "get">;
  readonly spends: readonly HarnessSpend[];
  /** Prices of that moment, Unix milliseconds. */
  readonly atMs: number;
  readonly negotiated: Pick<NegotiatedPrices, "find">;
}

type Fresh = Extract<PreparedReplay, { kind: "new" }>;
type OfHarness = EstimateView["by_harness"][number];

export function estimateOf(replays: readonly PreparedReplay[], inputs: EstimateInputs): Omit<EstimateView, "left"> {
  const fresh = replays.flatMap((replay) => (replay.kind === "new" ? [replay] : []));
  const most = new Map(fresh.map((replay) => [replay.ref, mostOf(replay, inputs)]));
  const byHarness = [...Map.groupBy(fresh, ({ request }) => request.harness)]
    .map(([harness, members]) => ofHarness(harness, members, { most, ...inputs }))
    .toSorted((left, right) => right.runs - left.runs || (left.harness < right.harness ? -1 : 1));
  const expected = byHarness.filter(({ expected_usd: usd }) => usd !== null);
  return {
    replays: replays.map(replayViewOf),
    by_harness: byHarness,
    total: {
      runs: fresh.length,
      worst_case_usd: sumOf([...most.values()]),
      expected_usd: sumOf(byHarness.map(({ expected_usd: usd }) => usd)),
      unpriced_runs: [...most.values()].filter((usd) => usd === null).length,
      unexpected_runs: fresh.length - expected.reduce((sum, { runs }) => sum + runs, 0),
    },
  };
}

export function replayViewOf(replay: PreparedReplay): ReplayView {
  const { kind, ref } = replay;
  switch (kind) {
    case "new":
      return { ref, kind, run_id: replay.runId, replay: replay.replay, harness: replay.request.harness };
    case "already":
      return { ref, kind, run_id: replay.runId, replay: replay.replay };
    case "unusable":
      return { ref, kind, reason: replay.reason };
  }
}

function mostOf({ request }: Fresh, { harnesses, atMs, negotiated }: EstimateInputs): string | null {
  const { harness, harness_version: version } = request;
  const definition = version === undefined ? harnesses.current(harness)?.definition : harnesses.get(harness, version);
  return definition === undefined ? "0" : mostOfReplay(request, definition, { atMs, negotiated });
}

function ofHarness(
  harness: string,
  members: readonly Fresh[],
  { most, harnesses, spends }: EstimateInputs & { readonly most: ReadonlyMap<string, string | null> },
): OfHarness {
  const spent = spentBy(spends, harness);
  const isKnown = harnesses.current(harness) !== undefined;
  return {
    harness,
    is_known: isKnown,
    runs: members.length,
    recent_runs: spent.runs,
    worst_case_usd: sumOf(members.map(({ ref }) => most.get(ref) ?? null)),
    expected_usd: isKnown ? expectedOf(members.length, spent) : "0",
  };
}

function expectedOf(runs: number, { cost_usd: usd, priced_runs: priced }: Spent): string | null {
  return usd === null || priced === 0 ? null : toUsd(new Decimal(usd).div(priced).times(runs));
}

/** Of those that are known; null when none is. Nothing at all costs nothing. */
function sumOf(amounts: readonly (string | null)[]): string | null {
  return amounts.length === 0 ? "0" : amounts.reduce<string | null>((sum, usd) => addKnownUsd(sum, usd), null);
}
