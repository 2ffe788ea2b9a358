/**
 * The state of each breaker as a number: 0 closed, 1 half open, 2 open. A
 * model's is there once it was asked for; a key's (by its fingerprint) as long
 * as something is wrong with it, with 0 for the rest of the process' life.
 */
import { metrics } from "@opentelemetry/api";
import type { KeyBreakers } from "../../providers/keys/key-breakers.ts";
import { attributes as names, metricNames, tracerName } from "../../runtime/telemetry/names.ts";
import type { Resilience } from "./resilience.ts";

const numbers = { closed: 0, half_open: 1, open: 2 } as const;

/** Read when metrics are collected. As many series as chains have models and providers have keys. */
export function observeBreakers(resilience: Pick<Resilience, "states">, keys: Pick<KeyBreakers, "states">): void {
  const gauge = metrics.getMeter(tracerName).createObservableGauge(metricNames.breakerState);
  const seen = new Map<string, Record<string, string>>();
  gauge.addCallback((result) => {
    for (const { provider, model, state } of resilience.states())
      result.observe(numbers[state], { [names.genAiProvider]: provider, [names.genAiRequestModel]: model });
    const troubled = new Map(
      keys.states().map(({ provider, model, fingerprint, state }) => {
        const label = { [names.genAiProvider]: provider, [names.genAiRequestModel]: model, [names.key]: fingerprint };
        const series = `${provider}/${model}#${fingerprint}`;
        seen.set(series, label);
        return [series, state];
      }),
    );
    for (const [series, label] of seen) result.observe(numbers[troubled.get(series) ?? "closed"], label);
  });
}
