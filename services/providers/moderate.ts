/**
 * One call to OpenAI's moderations, or to anything that speaks them: texts in,
 * of each text and each of our categories whether it is flagged and how sure
 * the provider is out. A category of ours is the gravest of its parts; what we
 * have no category for is left out.
 */
import type OpenAI from "openai";
import { z } from "zod";
import { contentCategory, type ContentCategory } from "../../schemas/parts/codes.ts";
import { openaiFacts } from "./openai.ts";
import { failureOf, type ProviderFailure } from "./outcome.ts";

export interface ModerationCall {
  readonly model: string;
  readonly texts: readonly string[];
  /** Sent as X-Client-Request-Id. */
  readonly callId: string;
  /** Limit on the whole call, body included, milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface CategoryVerdict {
  readonly category: ContentCategory;
  readonly flagged: boolean;
  /** 0 to 1. */
  readonly score: number;
}

export interface Moderated {
  readonly kind: "moderated";
  /** Of each text, in the order they were given: all categories. */
  readonly verdicts: readonly (readonly CategoryVerdict[])[];
  readonly servedModel: string;
  readonly providerRequestId?: string;
}

export type ModerationOutcome = Moderated | ProviderFailure;

/** The part of a moderation that is read; a body without it is malformed. */
const moderation = z.object({
  model: z.string(),
  results: z.array(
    z.object({
      categories: z.record(z.string(), z.boolean().nullable()),
      category_scores: z.record(z.string(), z.number().min(0).max(1)),
    }),
  ),
});

/** OpenAI's names by ours. */
const parts: Readonly<Record<ContentCategory, readonly string[]>> = {
  hate: ["hate", "hate/threatening"],
  harassment: ["harassment", "harassment/threatening"],
  self_harm: ["self-harm", "self-harm/intent", "self-harm/instructions"],
  sexual: ["sexual", "sexual/minors"],
  violence: ["violence", "violence/graphic"],
};

export function moderationCaller(client: OpenAI): (call: ModerationCall) => Promise<ModerationOutcome> {
  return async ({ model, texts, callId, timeoutMs, signal }) => {
    try {
      const headers = { "X-Client-Request-Id": callId };
      const options = { timeout: timeoutMs, signal, headers };
      const response = await client.moderations.create({ model, input: [...texts] }, options).asResponse();
      const requestId = response.headers.get("x-request-id");
      const outcome = readModeration(await response.json(), texts.length);
      return requestId === null ? outcome : { ...outcome, providerRequestId: requestId };
    } catch (error) {
      return failureOf(openaiFacts(error), Date.now());
    }
  };
}

function readModeration(body: unknown, texts: number): ModerationOutcome {
  const parsed = moderation.safeParse(body);
  if (!parsed.success || parsed.data.results.length !== texts)
    return failureOf({ kind: "malformed", code: "body_not_a_moderation" }, 0);
  const { model, results } = parsed.data;
  const verdicts = results.map(({ categories, category_scores: scores }) =>
    contentCategory.options.map((category) => ({
      category,
      flagged: parts[category].some((name) => categories[name] === true),
      score: Math.max(0, ...parts[category].map((name) => scores[name] ?? 0)),
    })),
  );
  return { kind: "moderated", verdicts, servedModel: model };
}
