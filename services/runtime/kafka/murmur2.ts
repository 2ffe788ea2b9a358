/**
 * Which partition a key belongs to: murmur2 as Kafka's Java client computes it
 * (org.apache.kafka.common.utils.Utils), so that any client that leaves the
 * choice to its default partitioner lands on the same one.
 */
const seed = 0x9747b28c;
const mix = 0x5bd1e995;

/** Signed 32-bit hash. */
export function murmur2(key: Buffer): number {
  const { length } = key;
  const wholeWords = length & ~3;
  let hash = seed ^ length;
  for (let at = 0; at < wholeWords; at += 4) {
    let word = Math.imul(key.readInt32LE(at), mix);
    word = Math.imul(word ^ (word >>> 24), mix);
    hash = Math.imul(hash, mix) ^ word;
  }
  if (wholeWords < length) hash = Math.imul(hash ^ lastBytes(key, wholeWords), mix);
  hash = Math.imul(hash ^ (hash >>> 13), mix);
  return hash ^ (hash >>> 15);
}

/** The one to three bytes after the last whole word, little-endian. */
function lastBytes(key: Buffer, from: number): number {
  let bits = 0;
  for (let at = key.length - 1; at >= from; at -= 1) bits = (bits << 8) | key.readUInt8(at);
  return bits;
}

export function partitionOf(key: Buffer | string, partitions: number): number {
  return (murmur2(typeof key === "string" ? Buffer.from(key) : key) & 0x7fffffff) % partitions;
}
