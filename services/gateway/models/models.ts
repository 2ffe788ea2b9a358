/**
 * The harnesses that a key opens, as both providers list their models. Nobody
 * knows when a harness came into being, so the dates are the epoch, which both
 * permit. Pure.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";

export function openaiModel(id: string): object {
  return { id, object: "model", created: 0, owned_by: "breakwater" };
}

export function openaiModels(harnesses: readonly HarnessDefinition[]): object {
  return { object: "list", data: harnesses.map(({ name }) => openaiModel(name)) };
}

export function anthropicModel(id: string, { models: [first], output }: HarnessDefinition): object {
  return {
    type: "model",
    id,
    display_name: id,
    created_at: "1970-01-01T00:00:00Z",
    lifecycle: "active",
    line: null,
    capabilities: null,
    deprecated_at: null,
    retires_at: null,
    max_input_tokens: first?.contextWindowTokens ?? null,
    max_tokens: output.maxTokens,
  };
}

export interface Page {
  readonly limit?: number | undefined;
  readonly after_id?: string | undefined;
  readonly before_id?: string | undefined;
}

/** One page of them; all when no limit is given. */
export function anthropicModels(harnesses: readonly HarnessDefinition[], page: Page): object {
  const { limit = harnesses.length, after_id: after, before_id: before } = page;
  const from = after === undefined ? 0 : harnesses.findIndex(({ name }) => name === after) + 1;
  const end = before === undefined ? harnesses.length : harnesses.findIndex(({ name }) => name === before);
  const within = harnesses.slice(from, Math.max(from, end));
  const shown = before === undefined ? within.slice(0, limit) : within.slice(Math.max(0, within.length - limit));
  return {
    data: shown.map((harness) => anthropicModel(harness.name, harness)),
    has_more: shown.length < within.length,
    first_id: shown[0]?.name ?? null,
    last_id: shown.at(-1)?.name ?? null,
  };
}
