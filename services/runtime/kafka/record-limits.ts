/**
 * The largest record batch each topic takes, bytes: set at creation, checked
 * before sending. Dead-letter topics take a little more, so that the largest
 * record can still be dead-lettered with the reason in its headers.
 */
import { consumedTopics, deadLetterTopicOf, maxMessageBytes } from "../../../topics/catalog.ts";

const deadLetterExtraBytes = 64 * 1024;
const deadLetterTopics: ReadonlySet<string> = new Set(consumedTopics.map(deadLetterTopicOf));

export function maxBatchBytesOf(topic: string): number {
  return deadLetterTopics.has(topic) ? maxMessageBytes + deadLetterExtraBytes : maxMessageBytes;
}
