/** How long topics keep their records where more than one place has to know, or a reason has to be given. Milliseconds. */
export const hour = 3_600_000;
export const day = 24 * hour;

/** More than twice the longest review: nothing that waits is forgotten, nor what was decided about it. */
export const reviewRetentionMs = 30 * day;

/** Longer than the longest window: every account that counts is there from its beginning. */
export const leaseRetentionMs = 40 * day;

/** Longer than the year that auditors ask for, with a month to ask in. */
export const auditRetentionMs = 400 * day;

export const deadLetterRetentionMs = 30 * day;

/**
 * How soon an erased key is compacted away, at most, from when a record follows its tombstone (which `breakwater erase`
 * sees to). The broker looks every 15 seconds (log.cleaner.backoff.ms) beside.
 */
export const keyCompactionMs = 30_000;

/** How often keys whose content has had its time are looked for. */
export const keySweepMs = 15_000;

/** Requests as they were published, in the clear: long enough to run a dead letter of theirs again the next day. */
export const requestsKeptMs = day;

/** Trimmed requests leave the disk with the segment that they are in, so it is ended this often. */
export const requestSegmentMs = hour;

/** Dead letters that nobody can read may be of any data subject: the key of their day is erased after this time. */
export const unreadableKeptMs = 7 * day;
