import assert from "node:assert/strict";
import { test } from "node:test";
import { createNoopMeter, metrics, type Attributes, type ObservableCallback } from "@opentelemetry/api";
import type { NamedKey } from "../../providers/keys/key-breakers.ts";
import type { KeyState } from "../../providers/keys/key-pool.ts";
import { observeBreakers } from "./breaker-metrics.ts";
import type { BreakerState, Target } from "./resilience.ts";

/** What a collection sees of all gauges that are made within. */
function collected(observe: () => void): () => string[] {
  const callbacks: ObservableCallback[] = [];
  const meter = createNoopMeter();
  meter.createObservableGauge = () => ({
    addCallback: (callback) => void callbacks.push(callback),
    removeCallback: () => undefined,
  });
  metrics.setGlobalMeterProvider({ getMeter: () => meter });
  observe();
  metrics.disable();
  return () => {
    const seen: string[] = [];
    const note = (value: number, labels: Attributes = {}) => seen.push(`${Object.values(labels).join(" ")} ${value}`);
    for (const callback of callbacks) void callback({ observe: note });
    return seen;
  };
}

test("closed is 0, half open 1, open 2; a key that works again is 0 and no series of a key comes before its trouble", () => {
  let models: (Target & { readonly state: BreakerState })[] = [];
  let keys: (NamedKey & { readonly state: KeyState })[] = [];
  const see = collected(() => observeBreakers({ states: () => models }, { states: () => keys }));
  assert.deepEqual(see(), []);
  models = (["closed", "half_open", "open"] as const).map((state, at) => ({
    provider: "openai",
    model: `m${at}`,
    state,
  }));
  assert.deepEqual(see(), ["openai m0 0", "openai m1 1", "openai m2 2"]);
  models = [];
  const key = { provider: "groq", model: "*", fingerprint: "0a1b2c3d", position: 1 };
  keys = [{ ...key, state: "open" }];
  assert.deepEqual(see(), ["groq * 0a1b2c3d 2"]);
  keys = [];
  assert.deepEqual(see(), ["groq * 0a1b2c3d 0"]);
});
