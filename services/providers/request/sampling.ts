/**
 * Temperature and top_p as each model takes them. Models that sample by their
 * own rules refuse a call that names either: they get neither, so that one
 * definition serves a chain of old and new ones.
 */
import type { ProviderCall } from "../provider-call.ts";

export interface Sampling {
  readonly temperature?: number;
  readonly top_p?: number;
}

type Asked = Pick<ProviderCall, "model" | "temperature" | "topP">;

/** OpenAI's reasoning models: the o series, and gpt-5 before 5.1. */
const openaiFixed = /^(?:o\d|gpt-5(?:-(?!chat)|$))/;

export function openaiSampling({ model, temperature, topP }: Asked): Sampling {
  if (openaiFixed.test(model)) return {};
  return { ...(temperature === undefined ? {} : { temperature }), ...(topP === undefined ? {} : { top_p: topP }) };
}

/** Up to Claude 4.6. Those from 4.7 on refuse both. */
const claudeSampled = /^claude-(?:[0-3]|instant|(?:sonnet|opus|haiku)-4(?:-[0-6](?!\d)|-20\d{6}|$))/;

/** Anthropic's scale of temperatures ends at 1, OpenAI's at 2. One of both at most: since Claude 4.1 two are refused. */
export function anthropicSampling({ model, temperature, topP }: Asked): Sampling {
  if (model.startsWith("claude-") && !claudeSampled.test(model)) return {};
  if (temperature !== undefined) return { temperature: Math.min(1, temperature) };
  return topP === undefined ? {} : { top_p: topP };
}
