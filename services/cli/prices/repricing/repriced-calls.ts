/**
 * What calls cost under the prices in force now, beside what was stamped on
 * them, added up by client, model and day. By the function that stamped them,
 * call by call. A call of unknown usage is not priced: its cost stays what it
 * was. Sums are over the calls whose cost is known both ways, so that a
 * difference is one of prices alone; the others are counted.
 */
import type { FinishedCall } from "../../../ledger/repricing/finished-calls.ts";
import type { RepricedRow } from "../../../ledger/repricing/record-repricing.ts";
import { priceOfEnded } from "../../../pricing/price-of.ts";
import type { TariffOf } from "../../../pricing/tariff.ts";
import { Decimal, toUsd } from "../../../pricing/usd.ts";

export interface RepricedLine {
  readonly client: string;
  readonly provider: string;
  readonly model: string;
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly calls: number;
  /** Of these, calls whose cost is not known both ways: outside the sums. */
  readonly unknown_calls: number;
  readonly old_usd: string;
  readonly new_usd: string;
  /** New less old; below 0 where it got cheaper. */
  readonly difference_usd: string;
}

/** Null for a call of unknown usage. */
export function repriced(call: FinishedCall, tariffOf: TariffOf): RepricedRow | null {
  if (call.inputTokens === null) return null;
  const { costUsd, priceVersion } = priceOfEnded({
    ...tariffOf(call.provider),
    model: call.model,
    servedModel: call.servedModel ?? undefined,
    atMs: call.startedAtMs,
    usage: {
      input_tokens: call.inputTokens,
      cached_input_tokens: call.cachedInputTokens ?? 0,
      cache_write_tokens: call.cacheWriteTokens ?? 0,
      output_tokens: call.outputTokens ?? 0,
      reasoning_tokens: call.reasoningTokens ?? 0,
    },
  });
  const stampedUsd = call.costUsd === null ? null : toUsd(new Decimal(call.costUsd));
  return { callId: call.callId, costUsd, priceVersion, stampedUsd, stampedVersion: call.priceVersion };
}

interface Sums {
  readonly call: Pick<FinishedCall, "clientId" | "provider" | "model" | "day">;
  calls: number;
  unknown: number;
  old: Decimal;
  fresh: Decimal;
}

export class RepricedSums {
  readonly #sums = new Map<string, Sums>();

  /** `row`: as `repriced` gives it. */
  add(call: FinishedCall, row: RepricedRow | null): void {
    const { clientId, provider, model, day } = call;
    const key = JSON.stringify([clientId, provider, model, day]);
    const zero = new Decimal(0);
    const sums = this.#sums.get(key) ?? { call, calls: 0, unknown: 0, old: zero, fresh: zero };
    this.#sums.set(key, sums);
    sums.calls += 1;
    // What was turned away is stamped with 0 and has no usage: it costs as much under any price.
    const fresh = row === null ? call.costUsd : row.costUsd;
    if (call.costUsd === null || fresh === null) return void (sums.unknown += 1);
    sums.old = sums.old.plus(call.costUsd);
    sums.fresh = sums.fresh.plus(fresh);
  }

  /** By day, client, provider and model. */
  lines(): readonly RepricedLine[] {
    const order = ({ day, client, provider, model }: RepricedLine): string =>
      JSON.stringify([day, client, provider, model]);
    return [...this.#sums.values()]
      .map(({ call, calls, unknown, old, fresh }) => ({
        client: call.clientId,
        provider: call.provider,
        model: call.model,
        day: call.day,
        calls,
        unknown_calls: unknown,
        old_usd: toUsd(old),
        new_usd: toUsd(fresh),
        difference_usd: toUsd(fresh.minus(old)),
      }))
      .toSorted((left, right) => (order(left) < order(right) ? -1 : 1));
  }
}

export type RepricedTotal = Omit<RepricedLine, "client" | "provider" | "model" | "day">;

export function repricedTotal(lines: readonly RepricedLine[]): RepricedTotal {
  const sum = (of: (line: RepricedLine) => string): string =>
    toUsd(lines.reduce((total, line) => total.plus(of(line)), new Decimal(0)));
  return {
    calls: lines.reduce((total, { calls }) => total + calls, 0),
    unknown_calls: lines.reduce((total, { unknown_calls: unknown }) => total + unknown, 0),
    old_usd: sum(({ old_usd }) => old_usd),
    new_usd: sum(({ new_usd }) => new_usd),
    difference_usd: sum(({ difference_usd }) => difference_usd),
  };
}
