/**
 * The negotiated prices in force, found by the call they are for. Where several
 * match, one for the account goes before one for all, then a whole name before
 * a pattern, then the longer pattern, then the one that began later: the same
 * answer in every process, whatever order they were set in.
 */
import type { PriceRecord } from "../../schemas/control/price.ts";
import { fingerprint, type PriceEntry, type PricedModel, type Rate } from "./price-entry.ts";
import { Decimal } from "./usd.ts";

interface Standing {
  readonly record: PriceRecord;
  readonly entry: PriceEntry;
}

export interface PricedCall extends Omit<PricedModel, "negotiated"> {
  /** The model that answered, where the provider said so. */
  readonly servedModel?: string | undefined;
}

export class NegotiatedPrices {
  readonly #standing = new Map<string, Standing>();
  readonly #byProvider = new Map<string, readonly Standing[]>();

  constructor(records: Iterable<PriceRecord> = []) {
    for (const record of records) this.set(record);
  }

  set(record: PriceRecord): void {
    this.#standing.set(record.price_id, { record, entry: entryOf(record) });
    this.#index(record.provider);
  }

  unset(priceId: string): void {
    const gone = this.#standing.get(priceId)?.record;
    this.#standing.delete(priceId);
    if (gone !== undefined) this.#index(gone.provider);
  }

  records(): readonly PriceRecord[] {
    return [...this.#standing.values()].map(({ record }) => record);
  }

  /** Null when none was agreed for it. One for the served model counts as one for the asked does. */
  find({ provider, model, servedModel = model, account, atMs }: PricedCall): PriceEntry | null {
    const found = this.#byProvider.get(provider)?.find(({ record }) => {
      const { valid_from_ms: fromMs, valid_to_ms: toMs = Infinity } = record;
      if (record.account !== undefined && record.account !== account) return false;
      return fromMs <= atMs && atMs < toMs && (matches(record.model, model) || matches(record.model, servedModel));
    });
    return found?.entry ?? null;
  }

  #index(provider: string): void {
    const own = [...this.#standing.values()].filter(({ record }) => record.provider === provider);
    this.#byProvider.set(
      provider,
      own.toSorted((left, right) => compare(left.record, right.record)),
    );
  }
}

function matches(pattern: string, model: string): boolean {
  const literal = pattern.replaceAll("*", "");
  const [open, ending] = [pattern.startsWith("*"), pattern.endsWith("*")];
  if (open && ending) return model.includes(literal);
  if (open) return model.endsWith(literal);
  return ending ? model.startsWith(literal) : model === literal;
}

/** The one that goes before comes first. */
function compare(left: PriceRecord, right: PriceRecord): number {
  for (const rank of ranks) {
    const difference = rank(right) - rank(left);
    if (difference !== 0) return difference;
  }
  return left.price_id < right.price_id ? -1 : 1;
}

const ranks: readonly ((record: PriceRecord) => number)[] = [
  ({ account }) => (account === undefined ? 0 : 1),
  ({ model }) => (model.includes("*") ? 0 : 1),
  ({ model }) => model.replaceAll("*", "").length,
  ({ valid_from_ms: fromMs }) => fromMs,
];

function entryOf(record: PriceRecord): PriceEntry {
  const { input, cached_input, cache_write, output, reasoning } = record.per_million;
  const flat = (price: string): Rate => ({ base: new Decimal(price), tiers: [] });
  const { kind: _kind, set_at_ms: _setAtMs, ...agreed } = record;
  return {
    input: flat(input),
    cachedInput: flat(cached_input ?? input),
    cacheWrite: flat(cache_write ?? input),
    output: flat(output),
    reasoning: flat(reasoning ?? output),
    version: `negotiated#${fingerprint(agreed)}`,
  };
}
