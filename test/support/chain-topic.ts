/**
 * harness-audit-chain in memory, as the sealer fills it: links and heads of a
 * chain by partition, a second apart, for tests of what reads it. What stands
 * there can be damaged.
 */
import type { LogRecord, ReadOptions } from "../../services/runtime/kafka/log-reader.ts";
import type { SealedChain } from "./sealed-chain.ts";

export const sealedFromMs = Date.UTC(2026, 10, 1);

export class ChainTopic {
  /** By partition, heads and links, each in a block of its own; what is no text is written as JSON. */
  readonly logs: unknown[][] = [];

  constructor({ links, heads }: SealedChain, partitions = 2) {
    for (let partition = 0; partition < partitions; partition += 1) {
      const log = links
        .filter((link) => link.partition === partition)
        .flatMap((link) => {
          const head = heads.find((one) => one.partition === partition && one.sequence === link.sequence);
          return [link, ...(head === undefined ? [] : [{ kind: "head", ...head }])];
        });
      this.logs.push(log);
    }
  }

  readonly reader = {
    offsets: () =>
      Promise.resolve(
        new Map(this.logs.map((log, partition) => [partition, { low: 0n, high: BigInt(log.length) }] as const)),
      ),
    offsetAt: (_topic: string, partition: number, atMs: number) =>
      Promise.resolve(
        BigInt(Math.min(Math.max(0, Math.ceil((atMs - sealedFromMs) / 1000)), this.logs[partition]?.length ?? 0)),
      ),
    read: async ({ topic, ranges, onRecord }: ReadOptions) => {
      for (const { partition, from, to } of ranges)
        for (const [index, value] of (this.logs[partition] ?? []).entries())
          if (index >= from && index < to) await onRecord(record(topic, partition, index, value));
    },
  };
}

function record(topic: string, partition: number, index: number, value: unknown): LogRecord {
  const written = typeof value === "string" ? value : JSON.stringify(value);
  const text = /^\{"kind":"(?:head|links)"/.test(written) ? written : `{"kind":"links","links":[${written}]}`;
  const timestampMs = sealedFromMs + index * 1000;
  return { topic, partition, offset: BigInt(index), timestampMs, key: null, value: Buffer.from(text), headers: {} };
}
