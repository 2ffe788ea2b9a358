/**
 * Turns an id into a number from 0 to below 1, the same for every process, and
 * spread evenly: a canary takes the runs whose draw lies below its share. Two
 * purposes over the same ids draw independently.
 */

/** FNV-1a over the UTF-16 units, then MurmurHash3's finaliser, since FNV leaves the high bits of similar ids alike. */
export function drawOf(id: string, purpose: string): number {
  let hash = 0x811c9dc5;
  for (const text of [purpose, "\n", id]) {
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}
