/**
 * The one way to an LLM: `call` makes exactly one HTTP request to the provider
 * named and resolves to an outcome; it never retries and never throws for
 * something a provider or a network can do. A provider without key and without
 * base URL answers `unauthorized` at once, and nothing leaves.
 */
import type { ProviderName } from "../../schemas/parts/codes.ts";
import { openAnthropic } from "./anthropic.ts";
import { KeyPool } from "./key-pool.ts";
import { openTransport } from "./http/http-transport.ts";
import { openOpenai } from "./openai.ts";
import type { ProviderCall } from "./provider-call.ts";
import type { ProviderOutcome } from "./outcome.ts";

/** The environment's names, so that the parsed environment can be passed as it is. */
export interface ProvidersConfig {
  readonly OPENAI_API_KEY?: string | undefined;
  readonly OPENAI_BASE_URL?: string | undefined;
  readonly ANTHROPIC_API_KEY?: string | undefined;
  readonly ANTHROPIC_BASE_URL?: string | undefined;
}

export interface Providers {
  readonly call: (call: ProviderCall & { readonly provider: ProviderName }) => Promise<ProviderOutcome>;
  /** Closes idle connections; calls in flight fail as `connection`. */
  readonly close: () => void;
}

/** Sent where a base URL is set without a key: local servers want a value and ignore it. */
const noKey = "none";

/** An answer of 1 MiB, JSON-escaped in the worst case, with its frame. */
const maxBodyBytes = 7 * 1024 * 1024;

const missingKey: ProviderOutcome = { kind: "failure", outcome: "unauthorized", code: "api_key_missing", usage: null };

export function openProviders(config: ProvidersConfig): Providers {
  const transport = openTransport({ maxBodyBytes, idleSocketMs: 20_000 });
  const callers = {
    openai: pooled(settingsOf(config.OPENAI_API_KEY, config.OPENAI_BASE_URL), (settings) =>
      openOpenai({ ...settings, transport }),
    ),
    anthropic: pooled(settingsOf(config.ANTHROPIC_API_KEY, config.ANTHROPIC_BASE_URL), (settings) =>
      openAnthropic({ ...settings, transport }),
    ),
  };
  return {
    call: ({ provider, ...call }) => withOwnSignal(call.signal, (signal) => callers[provider]({ ...call, signal })),
    close: transport.close,
  };
}

interface KeySettings {
  readonly apiKey: string;
  readonly baseUrl: string | undefined;
}

type Caller = (call: ProviderCall) => Promise<ProviderOutcome>;

/** Each key has a client of its own; none at all: nothing leaves. */
function pooled(settings: readonly KeySettings[], open: (settings: KeySettings) => Caller): Caller {
  if (settings.length === 0) return () => Promise.resolve(missingKey);
  const callers = settings.map(open);
  const pool = new KeyPool(callers.length);
  return async (call) => {
    const index = pool.take(Date.now());
    const caller = callers[index];
    if (caller === undefined) throw new Error(`the pool has no key ${index}`);
    return pool.judge(index, await caller(call), Date.now());
  };
}

/** One for each key, comma separated. */
function settingsOf(keys: string | undefined, baseUrl: string | undefined): KeySettings[] {
  const given = (keys ?? "").split(",").flatMap((key) => (key.trim() === "" ? [] : [key.trim()]));
  if (given.length === 0) return baseUrl === undefined ? [] : [{ apiKey: noKey, baseUrl }];
  return given.map((apiKey) => ({ apiKey, baseUrl }));
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
