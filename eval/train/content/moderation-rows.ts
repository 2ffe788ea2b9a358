/**
 * The texts that the content guard learns from and is tested on: OpenAI's
 * moderation samples with what they were found to be, harmless comments from
 * social media, and our own functional sentences. A category that nobody judged a sample by is absent from it.
 */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { readRows } from "../../corpus/read-rows.ts";

const judged = z.literal([0, 1]).optional();
const moderationRow = z.object({
  text: z.string(),
  hate: judged,
  harassment: judged,
  self_harm: judged,
  sexual: judged,
  violence: judged,
});
export type ModerationRow = z.infer<typeof moderationRow>;

/** All of them, in a fixed order. */
export function moderationRows(): readonly ModerationRow[] {
  return readRows("output/openai-moderation", moderationRow);
}

/** Comments from social media that were judged to be no abuse. */
export function socialTexts(): readonly string[] {
  return readRows("output/surge", z.object({ text: z.string(), label: z.literal(0) })).map(({ text }) => text);
}

const caseGroup = z.object({
  group: z.string(),
  category: z.enum(["hate", "harassment", "self_harm", "sexual", "violence"]),
  found: z.boolean(),
  texts: z.array(z.string()),
});
export type CaseGroup = z.infer<typeof caseGroup>;

/** Groups of sentences of which all, or none, should be found. */
export function contentCases(): readonly CaseGroup[] {
  const file = new URL("../../data/output/content-cases.yaml", import.meta.url);
  return z.array(caseGroup).parse(parse(readFileSync(file, "utf8")));
}
