/** A call of a provider, for tests of what becomes of it: each names what it changes. */
import type { ProviderCall } from "../../services/providers/provider-call.ts";

export type CallChanges = Partial<ProviderCall>;

export function providerCall(changes: CallChanges = {}): ProviderCall {
  return {
    model: "gpt-4o",
    messages: [{ role: "user", content: "Weather in Oslo?" }],
    maxOutputTokens: 100,
    callId: "0193f0a0-0000-7000-8000-000000000001",
    stream: false,
    limits: { connectMs: 20_000, firstByteMs: 20_000, idleMs: 20_000 },
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    ...changes,
  };
}
