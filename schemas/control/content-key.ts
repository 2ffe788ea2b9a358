/**
 * A key that content is sealed under, on harness-subject-keys: of one data
 * subject of one client, or of one topic's unreadable records of one day. Only
 * wrapped by the key service's own key does it ever stand anywhere. A tombstone
 * under its id erases it, and with it every copy of what it sealed. A subject
 * may have several: each process that found none made one.
 */
import { z } from "zod";
import { attribution } from "../parts/identity.ts";

/** Of keys on this topic; no other key id looks like it. */
export const contentKeyId = z.string().regex(/^[st]-[0-9a-f]{32}$/);

const wrappedKey = z.object({
  key_id: contentKeyId,
  wrapped: z.base64().describe("The data key, encrypted by the key service"),
  wrapped_by: z.string().min(1).max(256).describe("Which of the key service's keys opens it"),
  created_at_ms: z.int(),
});

export const subjectKey = wrappedKey.extend({
  kind: z.literal("subject_key"),
  client_id: attribution.shape.client_id,
  subject_id: attribution.shape.subject_id.unwrap(),
});

export const topicKey = wrappedKey.extend({
  kind: z.literal("topic_key"),
  topic: z.string().describe("Whose unreadable records it seals among the dead letters"),
  day: z.iso.date().describe("UTC; the key of the day is erased when these records are to be gone"),
});

export const contentKeyRecord = z.discriminatedUnion("kind", [subjectKey, topicKey]);

export type SubjectKey = z.infer<typeof subjectKey>;
export type TopicKey = z.infer<typeof topicKey>;
export type ContentKeyRecord = z.infer<typeof contentKeyRecord>;
