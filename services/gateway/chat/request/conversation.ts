/**
 * What a chat request asks for, whichever dialect it came in, and the run that
 * this makes of a harness. A harness takes part if it passes a conversation
 * through; what else is asked for needs the harness's word. Pure.
 */
import type { HarnessDefinition } from "../../../../schemas/control/harness-definition.ts";
import type { CallerRights, CallOptions } from "../../../../schemas/parts/call-options.ts";
import type { Message } from "../../../../schemas/parts/content.ts";
import type { Refusal } from "../../admission/admission.ts";
import type { NewRun } from "../../runs/run-desk.ts";

/** Something that only `callers` of a definition can permit, and the field that asks for it. */
export interface RightNeeded {
  readonly right: keyof CallerRights;
  readonly param: string;
}

export interface Conversation {
  /** `name` or `name@version` of a harness. */
  readonly model: string;
  readonly turns: readonly Message[];
  readonly options: CallOptions;
  readonly needs: readonly RightNeeded[];
  /** Field that asks for any JSON object as the answer. */
  readonly anyJson?: string;
  /** Asks for what no harness gives, and the SDK goes on by itself when it is told so by this code. */
  readonly unsupported?: Required<Pick<Refusal, "code" | "param" | "message">>;
  readonly stream: boolean;
  /** Whether the tokens used are part of a streamed answer. */
  readonly streamUsage: boolean;
}

export interface HarnessName {
  readonly name: string;
  readonly version?: string;
}

/** Null when it cannot name a harness. */
export function harnessNamed(model: string): HarnessName | null {
  const { name, version } =
    /^(?<name>[a-z0-9][a-z0-9-]{0,63})(?:@(?<version>[0-9a-f]{16}))?$/.exec(model)?.groups ?? {};
  if (name === undefined) return null;
  return version === undefined ? { name } : { name, version };
}

/** What a run is for, beside its conversation. */
export interface RunFor {
  readonly clientId: string;
  readonly harness: HarnessName;
  readonly feature?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly deadlineAtMs?: number | undefined;
}

export type RunAsked =
  | { readonly kind: "run"; readonly run: NewRun }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export function runOf(asked: Conversation, definition: HarnessDefinition, whose: RunFor): RunAsked {
  if (asked.unsupported !== undefined) return { kind: "refused", refusal: { status: 400, ...asked.unsupported } };
  const field = definition.prompt.messages;
  if (field === undefined)
    return refused("harness_not_chat", "model", `${definition.name} takes no conversation: run it by POST /v1/runs`);
  const { options, needs } = withAnyJson(asked, definition);
  const missing = needs.find(({ right }) => definition.callers?.[right] !== true);
  if (missing !== undefined)
    return refused("not_permitted", missing.param, `${definition.name} does not permit it: ${rules[missing.right]}`);
  const { clientId, harness, feature, subjectId, deadlineAtMs } = whose;
  const run: NewRun = {
    client_id: clientId,
    harness: harness.name,
    ...(harness.version === undefined ? {} : { harness_version: harness.version }),
    ...(feature === undefined ? {} : { feature }),
    ...(subjectId === undefined ? {} : { subject_id: subjectId }),
    ...(deadlineAtMs === undefined ? {} : { deadline_at_ms: deadlineAtMs }),
    input: { [field]: asked.turns.map(jsonTurn) },
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
  return { kind: "run", run };
}

/** What the definition would have to say. */
const rules: Readonly<Record<keyof CallerRights, string>> = {
  instructions: "instructions of callers need callers.instructions in its definition",
  tools: "tools of callers need callers.tools in its definition",
  outputSchema: "a schema of callers for the answer needs callers.outputSchema in its definition",
  sampling: "sampling settings of callers need callers.sampling in its definition",
};

/** A harness that answers JSON gives an object already; another is asked for one. */
function withAnyJson({ anyJson, options, needs }: Conversation, { output }: HarnessDefinition) {
  if (anyJson === undefined || output.format === "json") return { options, needs };
  return {
    options: { ...options, output_schema: { type: "object" } },
    needs: [...needs, { right: "outputSchema", param: anyJson } as const],
  };
}

/** Without fields that are not set: an input contract may take no others. */
function jsonTurn({ role, content, tool_calls: calls, tool_call_id: id }: Message) {
  return {
    role,
    content,
    ...(calls === undefined ? {} : { tool_calls: calls.map((call) => ({ ...call })) }),
    ...(id === undefined ? {} : { tool_call_id: id }),
  };
}

function refused(code: string, param: string, message: string): RunAsked {
  return { kind: "refused", refusal: { status: 400, code, param, message } };
}
