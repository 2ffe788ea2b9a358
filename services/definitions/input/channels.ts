/**
 * Which channel each field of an input belongs to: what its author declared,
 * else a document for the fields that hold one (longField, contextField), else
 * the user's. Text of documents and tool results is untrusted: nobody who
 * speaks for the run wrote it.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
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

export function hasUntrusted(input: ChannelSource): boolean {
  return Object.values(declaredChannels(input)).some(isUntrusted);
}
