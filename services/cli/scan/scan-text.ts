/**
 * Decides on one text as input-scan would decide on a request that holds it:
 * the same guards, in the same order, under the same policy. What comes out
 * tells rules, places and scores; the text in it is the one that would be sent.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Channel } from "../../../schemas/parts/channel.ts";
import type { Finding, GuardReport } from "../../../schemas/parts/finding.ts";
import { fold } from "../../guards/text/fold.ts";
import { scanTexts, type GuardTools } from "../../input-scan/rules/texts/scan-texts.ts";

export const actions = ["pass", "flag", "redact", "block"] as const;
export type Action = (typeof actions)[number];

export interface ScanPolicy {
  readonly definition: Pick<HarnessDefinition, "knobs">;
  readonly tools: GuardTools;
}

export interface ScannedText {
  readonly action: Action;
  /** With what sort of thing each is; without the field, which is always the text. */
  readonly findings: readonly Omit<Finding, "field">[];
  /** Guards that could not run and whose policy is open; absent when all ran. */
  readonly not_run?: readonly string[];
  /** After redaction. */
  readonly text: string;
  /** Microseconds that folding and all guards took. */
  readonly us: number;
}

/** Hash tokens and pseudonyms are those of nobody's. */
const clientId = "offline";

export function scanText(text: string, channel: Channel, { definition, tools }: ScanPolicy): ScannedText {
  const started = performance.now();
  const texts = [{ path: "/text", channel, folded: fold(text) }];
  const { guards, reasons, replacements } = scanTexts(texts, definition.knobs, { ...tools, clientId });
  const us = Math.round((performance.now() - started) * 1000);
  const missing = guards.filter(({ verdict }) => verdict === "not_run").map(({ guard }) => guard);
  return {
    action: reasons.length > 0 ? "block" : replacements.size > 0 ? "redact" : isFlagged(guards) ? "flag" : "pass",
    findings: guards.flatMap(({ guard, findings }) => findings.map((finding) => named(guard, finding))),
    ...(missing.length === 0 ? {} : { not_run: missing }),
    text: replacements.get(0) ?? text,
    us,
  };
}

/** Personal data that the policy lets through is found and noted, and no reason to look at the text. */
function isFlagged(guards: readonly GuardReport[]): boolean {
  return guards.some(({ guard, verdict }) => verdict === "flagged" && guard !== "pii");
}

function named(guard: string, { field: _field, rule, version, kind, ...rest }: Finding): Omit<Finding, "field"> {
  return { rule, version, kind: kind ?? rule.slice(rule.startsWith(`${guard}.`) ? guard.length + 1 : 0), ...rest };
}
