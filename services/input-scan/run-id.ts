/**
 * Ids of a request, the same for every redelivery of it: the run id, derived
 * from where the request stands when its publisher gave none, and the hash of
 * its body, which tells a repeat from another request under the same id.
 */
import { createHash } from "node:crypto";
import type { Origin } from "../../schemas/parts/identity.ts";
import { canonicalJson } from "../definitions/canonical-json.ts";

/** A UUIDv8 (RFC 9562, 5.8): the first 122 free bits of SHA-256 over cluster, topic, partition and offset. */
export function deriveRunId(clusterId: string, origin: Origin): string {
  const name = [clusterId, origin.topic, origin.partition, origin.offset].join("\n");
  const bytes = createHash("sha256").update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** SHA-256 of the canonical JSON, hex: independent of the order of fields and of white space. */
export function bodySha256(body: unknown): string {
  return createHash("sha256").update(canonicalJson(body)).digest("hex");
}
