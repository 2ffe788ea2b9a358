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
import { KeyPool } from "./keys/key-pool.ts";
import { openTransport, type Transport } from "./http/http-transport.ts";
import { openOpenai } from "./openai.ts";
import type { ProviderCall } from "./provider-call.ts";
import type { ProviderOutcome } from "./outcome.ts";

export interface Providers extends Pick<ProviderBook, "pricedAs" | "limitsOf"> {
  readonly call: (call: ProviderCall & { readonly provider: string }) => Promise<ProviderOutcome>;
  /** Closes idle connections; calls in flight fail as `connection`. */
  readonly close: () => void;
}

/** An answer of 1 MiB, JSON-escaped in the worst case, with its frame. */
const maxBodyBytes = 7 * 1024 * 1024;

/** @throws ConfigError when the providers file is wrong, or the variable of a provider's keys is not set. */
export function openProviders(config: ProvidersConfig, environment: Environment = process.env): Providers {
  const transport = openTransport({ maxBodyBytes, idleSocketMs: 20_000 });
  const book = openProviderBook(config);
  const keys = providerKeys(book, config, environment);
  const callers = new Map(
    [...book.entries].map(([name, entry]) => [name, pooled(entry, keys.get(name) ?? [], transport)]),
  );
  return {
    call: ({ provider, ...call }) => {
      const caller = callers.get(provider);
      if (caller === undefined) return Promise.resolve(unsent("provider_unknown"));
      return withOwnSignal(call.signal, (signal) => caller({ ...call, signal }));
    },
    pricedAs: book.pricedAs,
    limitsOf: book.limitsOf,
    close: transport.close,
  };
}

function unsent(code: "provider_unknown" | "api_key_missing"): ProviderOutcome {
  return { kind: "failure", outcome: "unauthorized", code, usage: null };
}

type Caller = (call: ProviderCall) => Promise<ProviderOutcome>;

/** Each key has a client of its own; none at all: nothing leaves. */
function pooled(entry: ProviderEntry, keys: readonly string[], transport: Transport): Caller {
  if (keys.length === 0) return () => Promise.resolve(unsent("api_key_missing"));
  const callers = keys.map((apiKey) => callerOf(entry, apiKey, transport));
  const pool = new KeyPool(callers.length);
  return async (call) => {
    const index = pool.take(Date.now());
    const caller = callers[index];
    if (caller === undefined) throw new Error(`the pool has no key ${index}`);
    return pool.judge(index, await caller(call), Date.now());
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
