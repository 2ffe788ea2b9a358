/**
 * Carries out what was decided to be cut from a prompt for one tier of the
 * chain. A message that is cut whole is left out.
 */
import type { Message } from "../../../schemas/parts/content.ts";
import type { MessageCut } from "../../../schemas/records/attempt-task.ts";

/** `cuts`: offsets into the messages as they are given, not overlapping. */
export function cutMessages(messages: readonly Message[], cuts: readonly MessageCut[]): readonly Message[] {
  if (cuts.length === 0) return messages;
  return messages.flatMap((message, index) => {
    const own = cuts.filter((cut) => cut.message === index).toSorted((left, right) => left.start - right.start);
    if (own.some((cut) => isWhole(cut, message))) return [];
    return [own.length === 0 ? message : { ...message, content: withoutCuts(message.content, own) }];
  });
}

function isWhole({ start, end, insert }: MessageCut, { content }: Message): boolean {
  return start === 0 && end >= content.length && insert === undefined;
}

function withoutCuts(content: string, cuts: readonly MessageCut[]): string {
  let kept = "";
  let from = 0;
  for (const { start, end, insert = "" } of cuts) {
    kept += content.slice(from, start) + insert;
    from = end;
  }
  return kept + content.slice(from);
}
