/**
 * A key that content is sealed under, on harness-subject-keys: of one data
 * subject of one client, of a client's content that ends at one moment, or of one
 * topic's unreadable records of one day. Only wrapped by the key service's own
 * key does it ever stand anywhere. A tombstone under its id erases it, and with
 * it every copy of what it sealed. Of each there may be several: each process
 * that found none made one.
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

export const retentionKey = wrappedKey.extend({
  kind: z.literal("retention_key"),
  client_id: attribution.shape.client_id,
  subject_id: attribution.shape.subject_id,
  content_until_ms: z.int().describe("What it sealed is read by nobody from then on, and the key is erased"),
});

/** Stands in the key's place until the wrapped key has left the broker's disk and the audit has that. */
export const endedKey = z.object({
  kind: z.literal("ended_key"),
  key_id: contentKeyId,
  client_id: attribution.shape.client_id,
  subject_hmac: z.string().optional().describe("Of the data subject's id; absent where there is none"),
  content_until_ms: z.int(),
  ended_at_ms: z.int(),
});

export const contentKeyRecord = z.discriminatedUnion("kind", [subjectKey, topicKey, retentionKey, endedKey]);

export type SubjectKey = z.infer<typeof subjectKey>;
export type TopicKey = z.infer<typeof topicKey>;
export type RetentionKey = z.infer<typeof retentionKey>;
export type EndedKey = z.infer<typeof endedKey>;
export type ContentKeyRecord = z.infer<typeof contentKeyRecord>;
