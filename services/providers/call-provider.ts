/**
 * The one way to an LLM: `call` makes exactly one HTTP request to the provider
 * named and resolves to an outcome; it never retries and never throws for
 * something a provider or a network can do. A provider that is not configured,
 * or has neither key nor base URL, answers `unauthorized` at once, and nothing
 * leaves.
 */
import type { Environment } from "../runtime/config.ts";
import { openAnthropic } from "./anthropic.ts";
import { openAzure } from "./azure.ts";
import { openProviderBook, type ProviderBook, type ProvidersConfig } from "./configured/provider-book.ts";
import { providerKeys } from "./configured/provider-keys.ts";
import type { ProviderEntry } from "./configured/providers-file.ts";
import { KeyBreakers } from "./keys/key-breakers.ts";
import type { KeyPool } from "./keys/key-pool.ts";
import { openTransport, type Transport } from "./http/http-transport.ts";
import { openOpenai } from "./openai.ts";
import type { ProviderCall } from "./provider-call.ts";
import type { ProviderOutcome } from "./outcome.ts";

export interface Providers extends Pick<ProviderBook, "pricedAs" | "limitsOf"> {
  readonly call: (call: ProviderCall & { readonly provider: string }) => Promise<ProviderOutcome>;
  readonly keys: Pick<KeyBreakers, "isOut" | "learn" | "states" | "onChange">;
  /** Closes idle connections; calls in flight fail as `connection`. */
  readonly close: () => void;
}

/** An answer of 1 MiB, JSON-escaped in the worst case, with its frame. */
const maxBodyBytes = 7 * 1024 * 1024;

/** @throws ConfigError when the providers file is wrong, or the variable of a provider's keys is not set. */
export function openProviders(config: ProvidersConfig, environment: Environment = process.env): Providers {
  const transport = openTransport({ maxBodyBytes, idleSocketMs: 20_000 });
  const book = openProviderBook(config);
  const given = providerKeys(book, config, environment);
  const keys = new KeyBreakers();
  const callers = new Map<string, Caller>();
  for (const [name, entry] of book.entries) {
    const own = (given.get(name) ?? []).map((apiKey) => callerOf(entry, apiKey, transport));
    const pool = own.length === 0 ? null : keys.open(name, given.get(name) ?? []);
    callers.set(name, pool === null ? () => Promise.resolve(unsent("api_key_missing")) : pooled(own, pool));
  }
  return {
    call: ({ provider, ...call }) => {
      const caller = callers.get(provider);
      if (caller === undefined) return Promise.resolve(unsent("provider_unknown"));
      return withOwnSignal(call.signal, (signal) => caller({ ...call, signal }));
    },
    keys,
    pricedAs: book.pricedAs,
    limitsOf: book.limitsOf,
    close: transport.close,
  };
}

function unsent(code: "provider_unknown" | "api_key_missing" | "keys_rejected"): ProviderOutcome {
  return { kind: "failure", outcome: "unauthorized", code, usage: null };
}

type Caller = (call: ProviderCall) => Promise<ProviderOutcome>;

/** Each key has a client of its own. */
function pooled(callers: readonly Caller[], pool: KeyPool): Caller {
  return async (call) => {
    const index = pool.take(call.model, Date.now());
    const caller = index === null ? undefined : callers[index];
    if (index === null || caller === undefined) return unsent("keys_rejected");
    const use = { index, model: call.model };
    try {
      return pool.judge(use, await caller(call), Date.now());
    } finally {
      pool.end(use);
    }
  };
}

function callerOf(entry: ProviderEntry, apiKey: string, transport: Transport): Caller {
  switch (entry.layout) {
    case "openai":
      return openOpenai({ apiKey, baseUrl: entry.baseUrl, transport, dialect: entry });
    case "anthropic":
      return openAnthropic({ apiKey, baseUrl: entry.baseUrl, transport });
    case "azure":
      return openAzure({ ...entry, apiKey, transport });
  }
}

/** The SDKs never take their listener off a signal again: each call gets a signal that dies with it. */
async function withOwnSignal<Value>(outer: AbortSignal, run: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const own = new AbortController();
  const abort = (): void => own.abort(outer.reason);
  if (outer.aborted) abort();
  outer.addEventListener("abort", abort, { once: true });
  try {
    return await run(own.signal);
  } finally {
    outer.removeEventListener("abort", abort);
  }
}
