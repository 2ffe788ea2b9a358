/**
 * audit-seal: seals every record of harness-audit, in the order of its
 * partition, into harness-audit-chain. A record is done when its link stands. A
 * repeated event is sealed once. What is no audit record is a dead letter, and
 * not part of the chain.
 */
import { z } from "zod";
import { maxMessageBytes } from "../../topics/catalog.ts";
import { PoisonRecordError } from "../runtime/errors.ts";
import { defineStage, type ConsumedRecord, type Outcome, type Stage } from "../runtime/stage.ts";
import type { SourceRecord } from "./chain-tip.ts";
import { openSealer, type PartitionSealer, type SealerSettings } from "./partition-sealer.ts";

export interface AuditSeal {
  readonly stage: Stage;
  /** Asks for a signed head of every partition; resolves when they stand, or cannot be written now. */
  readonly sign: () => Promise<void>;
}

const sealed: Outcome = { emissions: [] };
/** Whatever else an event says is sealed with it. */
const event = z.looseObject({ kind: z.string(), event_id: z.string().min(1) });
/** A link is a little larger than its record. */
const mostBytes = maxMessageBytes - 1024 * 1024;

export function auditSeal(settings: SealerSettings): AuditSeal {
  const sealers = new Map<number, PartitionSealer>();
  const stage = defineStage({
    name: "audit-seal",
    sources: ["harness-audit"],
    unhurried: true,
    takeOver: async ({ partition }, context) =>
      void sealers.set(partition, await openSealer(partition, settings, context)),
    release: (partition) => void sealers.delete(partition),
    process: async (record) => {
      const source = readSource(record);
      const sealer = sealers.get(record.partition);
      if (sealer === undefined) throw new Error(`partition ${record.partition} was not taken over`);
      await sealer.seal(source);
      return sealed;
    },
  });
  const sign = async (): Promise<void> => {
    for (const sealer of sealers.values()) sealer.sign();
    await Promise.all([...sealers.values()].map((sealer) => sealer.idle()));
  };
  return { stage, sign };
}

function readSource({ offset, value }: ConsumedRecord): SourceRecord {
  if (value !== null && value.length > mostBytes)
    throw new PoisonRecordError("too_large", "no link can hold the record");
  const written = parsedJson(value);
  const parsed = event.safeParse(written);
  if (!parsed.success) throw new PoisonRecordError("internal_record_invalid", "the record is no audit record");
  return { offset, eventId: parsed.data.event_id, record: written, bytes: value?.length ?? 0 };
}

function parsedJson(value: Buffer | null): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return null;
  }
}
