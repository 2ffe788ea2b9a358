/**
 * Which channel each field of an input belongs to: what its author declared,
 * else a document for the fields that hold one (longField, contextField), else
 * the user's. Text of documents and tool results is untrusted: nobody who
 * speaks for the run wrote it.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { CallerRights } from "../../../schemas/parts/call-options.ts";
import type { Channel } from "../../../schemas/parts/channel.ts";

/** The part of a definition, or of what an author wrote, that says where fields come from. */
export type ChannelSource = Pick<HarnessDefinition["input"], "longField" | "contextField" | "channels">;

/** Of a top-level field, declared in the contract or not. */
export function channelOf({ longField, contextField, channels }: ChannelSource, field: string): Channel {
  const declared = channels !== undefined && Object.hasOwn(channels, field) ? channels[field] : undefined;
  return declared ?? (field === longField || field === contextField ? "document" : "user");
}

/** Every field that is not simply the user's, with its channel: the defaults written out. */
export function declaredChannels(input: ChannelSource): Readonly<Record<string, Channel>> {
  const fields = [input.longField, input.contextField].filter((field) => field !== undefined);
  const implied = Object.fromEntries(fields.map((field) => [field, channelOf(input, field)]));
  return { ...implied, ...input.channels };
}

export function isUntrusted(channel: Channel): boolean {
  return channel === "document" || channel === "tool_result";
}

/** Whether an input can hold such text: in a field of its own, or in a conversation with the callers' tools. */
export function hasUntrusted({ input, prompt, callers }: UntrustedSource): boolean {
  return takesToolTurns({ prompt, callers }) || Object.values(declaredChannels(input)).some(isUntrusted);
}

interface UntrustedSource {
  readonly input: ChannelSource;
  readonly prompt: Pick<HarnessDefinition["prompt"], "messages">;
  readonly callers?: Pick<CallerRights, "tools"> | undefined;
}

function takesToolTurns({ prompt, callers }: Omit<UntrustedSource, "input">): boolean {
  return prompt.messages !== undefined && callers?.tools === true;
}

/**
 * Of a turn of the conversation that stands in a field of this channel. What a
 * tool gave back is no more trusted than a document; instructions that the
 * harness permits its callers are the operator's words, not somebody's attempt.
 */
export function turnChannel(role: unknown, field: Channel): Channel {
  if (role === "tool") return "tool_result";
  return role === "system" ? "system" : field;
}
