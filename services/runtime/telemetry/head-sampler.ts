/**
 * Which traces are recorded, decided where each begins and kept by every process
 * after it, so a recorded trace is whole: all while few begin, so that whoever
 * tries a thing sees it; under load, where each costs and many tell the same, the
 * first of every second and a share of the others.
 */
import { SamplingDecision } from "@opentelemetry/api";
import {
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
  type SamplingResult,
} from "@opentelemetry/sdk-trace-base";

export interface HeadSampling {
  /** Traces that begin within one second and are recorded in any case, of each process. */
  readonly perSecond: number;
  /** Of those above, from 0 to 1; by trace id. */
  readonly share: number;
}

export const usualSampling: HeadSampling = { perSecond: 10, share: 0.1 };

export function headSampler(sampling: HeadSampling = usualSampling, nowMs: () => number = Date.now): Sampler {
  return new ParentBasedSampler({ root: rootSampler(sampling, nowMs) });
}

function rootSampler({ perSecond, share }: HeadSampling, nowMs: () => number): Sampler {
  const others = new TraceIdRatioBasedSampler(share);
  let second = 0;
  let begun = 0;
  return {
    shouldSample: (context, traceId): SamplingResult => {
      const now = Math.floor(nowMs() / 1000);
      if (now !== second) [second, begun] = [now, 0];
      begun += 1;
      return begun <= perSecond
        ? { decision: SamplingDecision.RECORD_AND_SAMPLED }
        : others.shouldSample(context, traceId);
    },
    toString: () => `${perSecond} a second and ${share} of the others`,
  };
}
