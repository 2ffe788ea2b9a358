/**
 * From a record's bytes to a request: the size limit before anything is
 * decoded, then the wire format, then the envelope, then whether the client is
 * who it says. What cannot be read is a value with its code, not an error; only
 * an unreachable registry throws.
 */
import type { DeadLetterCode } from "../../schemas/parts/codes.ts";
import { maxRequestBytes } from "../../schemas/records/run-request.ts";
import type { ConsumedRecord } from "../runtime/stage.ts";
import type { ClientTrust } from "./clients/client-trust.ts";
import { readEnvelope, unusable, type Claims, type Envelope } from "./rules/envelope.ts";

/** What services/runtime/wire-format.ts gives. */
export interface WireFormat {
  decode(
    value: Buffer,
  ): Promise<{ kind: "value"; value: unknown } | { kind: "poison"; code: DeadLetterCode; message: string }>;
}

/** @throws TransientError registry_unavailable */
export async function readRequest(
  record: ConsumedRecord,
  wireFormat: WireFormat,
  trust: Pick<ClientTrust, "doubt">,
): Promise<Envelope> {
  const envelope = await readBytes(record, wireFormat);
  const { client_id, correlation_id } = envelope.kind === "request" ? envelope.request : envelope.claims;
  const doubt = trust.doubt(record, client_id);
  if (doubt === null) return envelope;
  // A run id that somebody else may have written must not end that somebody's run: the answer goes by correlation.
  const claims = correlation_id === undefined ? {} : { correlation_id };
  if (envelope.kind === "unusable") return { ...envelope, claims };
  return refuse("client_unverified", doubt, claims);
}

async function readBytes({ value }: ConsumedRecord, wireFormat: WireFormat): Promise<Envelope> {
  if (value === null) return refuse("not_json", "the record has no value");
  if (value.length > maxRequestBytes) {
    return refuse("too_large", `the request is ${value.length} bytes, ${maxRequestBytes} are permitted`);
  }
  const decoded = await wireFormat.decode(value);
  return decoded.kind === "value" ? readEnvelope(decoded.value) : refuse(decoded.code, decoded.message);
}

function refuse(code: DeadLetterCode, message: string, claims: Claims = {}): Envelope {
  return unusable(code, [{ code, message, rule: code }], claims);
}
