/**
 * What must hold of a harness whose prompts or answers may stand in traces: what
 * nobody looked at, secrets, the harness's own marks and what has to end never do.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";

export function brokenTraceRules({ traces, knobs: { pii }, prompt, retention }: HarnessDefinition): Reason[] {
  if (traces === undefined) return [];
  const { inputMessages, outputMessages } = traces;
  const path = inputMessages ? "/traces/inputMessages" : "/traces/outputMessages";
  if (!inputMessages && !outputMessages) return [broken("/traces", "policy_can_act", "neither is asked for")];
  const reasons: Reason[] = [];
  const refuse = (message: string) => reasons.push(broken(path, "traces_hold_no_secret", message));
  if (pii.failMode === "open") refuse("knobs.pii.failMode is open: what nobody could look at would stand in traces");
  if ((pii.entities["secret"] ?? "allow") === "allow") refuse("knobs.pii.entities.secret is allow: keys would, too");
  if (inputMessages && prompt.canaries?.some((canary) => prompt.user.includes(canary)) === true)
    refuse("prompt.user holds one of prompt.canaries: keep these in prompt.system, which stands in no trace");
  if (retention !== undefined) refuse("no trace ends when retention.contentMs is over");
  return reasons;
}

function broken(path: string, rule: string, message: string): Reason {
  return { code: "definition_invalid", path, rule, message };
}
