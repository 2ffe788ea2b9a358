/**
 * The one way to an LLM: `call` makes exactly one HTTP request to the provider
 * named and resolves to an outcome, and so does `moderate`; it never retries and
 * never throws for something a provider or a network can do. A provider that is not configured,
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
import type { Moderated, ModerationCall, ModerationOutcome } from "./moderate.ts";
import { openOpenai, type OpenaiCallers } from "./openai.ts";
import type { ProviderCall } from "./provider-call.ts";
import type { ProviderAnswer, ProviderFailure, ProviderOutcome } from "./outcome.ts";

export interface Providers extends Pick<ProviderBook, "pricedAs" | "limitsOf"> {
  readonly call: (call: ProviderCall & { readonly provider: string }) => Promise<ProviderOutcome>;
  /** Of a provider that has no moderations: `not_found`, and nothing leaves. */
  readonly moderate: (call: ModerationCall & { readonly provider: string }) => Promise<ModerationOutcome>;
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
  const opened = new Map<string, Keyed>();
  for (const [name, entry] of book.entries) {
    const callers = (given.get(name) ?? []).map((apiKey) => callersOf(entry, apiKey, transport));
    opened.set(name, { callers, pool: callers.length === 0 ? null : keys.open(name, given.get(name) ?? []) });
  }
  return {
    call: ({ provider, ...call }) =>
      withKey(opened.get(provider), call, (callers, signal) => callers.call({ ...call, signal })),
    moderate: ({ provider, ...call }) =>
      withKey<Moderated>(opened.get(provider), call, async (callers, signal) =>
        callers.moderate === undefined ? notServed : await callers.moderate({ ...call, signal }),
      ),
    keys,
    pricedAs: book.pricedAs,
    limitsOf: book.limitsOf,
    close: transport.close,
  };
}

function unsent(code: "provider_unknown" | "api_key_missing" | "keys_rejected"): ProviderFailure {
  return { kind: "failure", outcome: "unauthorized", code, usage: null };
}

const notServed: ProviderFailure = { kind: "failure", outcome: "not_found", code: "no_moderations", usage: null };

interface Callers extends Pick<OpenaiCallers, "call"> {
  /** Absent where the provider's API has none. */
  readonly moderate?: OpenaiCallers["moderate"];
}

/** Each key has a client of its own. */
interface Keyed {
  readonly callers: readonly Callers[];
  /** Null without keys. */
  readonly pool: KeyPool | null;
}

async function withKey<Good extends ProviderAnswer | Moderated>(
  keyed: Keyed | undefined,
  { model, signal }: Pick<ProviderCall, "model" | "signal">,
  ask: (callers: Callers, signal: AbortSignal) => Promise<Good | ProviderFailure>,
): Promise<Good | ProviderFailure> {
  if (keyed === undefined) return unsent("provider_unknown");
  const { callers, pool } = keyed;
  if (pool === null) return unsent("api_key_missing");
  const index = pool.take(model, Date.now());
  const taken = index === null ? undefined : callers[index];
  if (index === null || taken === undefined) return unsent("keys_rejected");
  const use = { index, model };
  try {
    return pool.judge(use, await withOwnSignal(signal, (own) => ask(taken, own)), Date.now());
  } finally {
    pool.end(use);
  }
}

function callersOf(entry: ProviderEntry, apiKey: string, transport: Transport): Callers {
  switch (entry.layout) {
    case "openai":
      return openOpenai({ apiKey, baseUrl: entry.baseUrl, transport, dialect: entry });
    case "anthropic":
      return { call: openAnthropic({ apiKey, baseUrl: entry.baseUrl, transport }) };
    case "azure":
      return { call: openAzure({ ...entry, apiKey, transport }) };
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
