/**
 * Seals one partition: records come in the order of their offsets and are done
 * when their links stand on the chain. One write at a time; a write whose
 * acknowledgement does not continue the log where it was known to end, or that
 * was not confirmed, is in doubt: the log is read on from there before the next,
 * and what it holds counts. So whatever was killed or written twice or by two,
 * the chain neither forks nor skips, without a transaction.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { openTagKey } from "../audit-chain/tags.ts";
import type { SignedHead } from "../audit-chain/signed-head.ts";
import { TransientError } from "../runtime/errors.ts";
import type { HeadSigner } from "../runtime/secrets/head-signer.ts";
import type { Ack, Emission, StageContext } from "../runtime/stage.ts";
import { chainTopic, readOn, readTip, type ChainReader, type OpenChain } from "./chain-log.ts";
import { blocksOf, type Block } from "./chain-blocks.ts";
import type { SourceRecord } from "./chain-tip.ts";

export interface SealerSettings {
  readonly reader: ChainReader;
  /** Null: heads are not signed. */
  readonly signer: Pick<HeadSigner, "sign" | "tagKey"> | null;
  readonly logger: { warn(fields: object, message: string): void };
  /** How long a record waits for others that are sealed with it in one block, milliseconds. */
  readonly gatherMs: number;
}

type Context = Pick<StageContext, "publish" | "nowMs" | "signal">;

interface Waiting {
  readonly source: SourceRecord;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const mostAtOnce = 500;
const pauseMs = 200;

/** Errors: TransientError broker_unavailable. */
export async function openSealer(
  partition: number,
  settings: SealerSettings,
  context: Context,
): Promise<PartitionSealer> {
  return new PartitionSealer({
    partition,
    settings,
    context,
    chain: await readTip(settings.reader, { partition, tagKey: settings.signer?.tagKey ?? openTagKey }),
  });
}

interface Parts {
  readonly partition: number;
  readonly settings: SealerSettings;
  readonly context: Context;
  readonly chain: OpenChain;
}

export class PartitionSealer {
  readonly #parts: Omit<Parts, "chain">;
  #chain: OpenChain;
  #waiting: Waiting[] = [];
  /** Highest offset that was taken from those that wait. */
  #taken = -1n;
  #signedTo = 0;
  #headIsDue = false;
  #isInDoubt = false;
  #running: Promise<void> | null = null;

  constructor({ chain, ...parts }: Parts) {
    this.#chain = chain;
    this.#parts = parts;
  }

  /** Resolves when its link stands, or it needs none. Rejects with the signal's reason when the partition is lost before. */
  seal(source: SourceRecord): Promise<void> {
    if (source.offset <= this.#taken) return Promise.reject(new Error("the audit came out of its order"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ source, resolve, reject });
      this.#start();
    });
  }

  /** Asks for a signed head behind the last link, unless it has one. */
  sign(): void {
    this.#headIsDue = true;
    this.#start();
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  #start(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    try {
      do {
        await this.#gather();
        await this.#step();
      } while (this.#waiting.length > 0 || this.#headIsDue);
    } finally {
      // Not behind the promise: what comes between would wait for ever.
      this.#running = null;
    }
  }

  /** What comes meanwhile is sealed together. */
  async #gather(): Promise<void> {
    const { context, settings } = this.#parts;
    if (this.#waiting.length >= mostAtOnce || this.#headIsDue || context.signal.aborted) return;
    await sleep(settings.gatherMs, undefined, { signal: context.signal }).catch(() => undefined);
  }

  async #step(): Promise<void> {
    const { signal } = this.#parts.context;
    if (signal.aborted && this.#waiting.length > 0) return this.#giveUp(signal.reason);
    const batch = this.#waiting.splice(0, mostAtOnce).toSorted((a, b) => (a.source.offset < b.source.offset ? -1 : 1));
    this.#taken = batch.at(-1)?.source.offset ?? this.#taken;
    try {
      if (await this.#append(batch.map(({ source }) => source))) for (const { resolve } of batch) resolve();
      else this.#waiting.unshift(...batch);
    } catch (error) {
      if (!(error instanceof TransientError)) {
        this.#headIsDue = false;
        for (const { reject } of batch) reject(error);
        return;
      }
      this.#waiting.unshift(...batch);
      if (signal.aborted) this.#headIsDue = false;
      this.#parts.settings.logger.warn({ err: error, partition: this.#parts.partition }, "sealing waits for Kafka");
      await sleep(pauseMs);
    }
  }

  #giveUp(reason: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
    this.#headIsDue = false;
  }

  /** Says whether all of them are on the chain; else another wrote meanwhile, and what the log holds is not known. */
  async #append(sources: readonly SourceRecord[]): Promise<boolean> {
    const { partition, settings } = this.#parts;
    if (this.#isInDoubt) this.#chain = await readOn(settings.reader, partition, this.#chain);
    this.#isInDoubt = false;
    const { tip } = this.#chain;
    const links = tip.next(sources);
    await this.#write(blocksOf(links).map(blockEmission));
    if (this.#isInDoubt) return false;
    for (const link of links) tip.show(link);
    if (this.#headIsDue) await this.#signTip();
    this.#headIsDue = false;
    return true;
  }

  /** A head is true wherever it stands. */
  async #signTip(): Promise<void> {
    const { partition, settings, context } = this.#parts;
    const { sequence, hash } = this.#chain.tip;
    if (settings.signer === null || sequence <= this.#signedTo) return;
    await this.#write([
      headEmission(settings.signer.sign({ partition, sequence, hash, signed_at_ms: context.nowMs() })),
    ]);
    this.#signedTo = sequence;
  }

  /** Leaves in doubt what does not go on where the log was known to end. */
  async #write(emissions: readonly Emission[]): Promise<void> {
    if (emissions.length === 0) return;
    this.#isInDoubt = true;
    const { tip, end } = this.#chain;
    this.#isInDoubt = !follows(await this.#parts.context.publish(emissions), end);
    this.#chain = this.#isInDoubt ? this.#chain : { tip, end: end + BigInt(emissions.length) };
  }
}

/** Whether they were written one behind the other from there on. */
function follows(acks: readonly Ack[], end: bigint): boolean {
  return acks.every(({ offset }, index) => offset === end + BigInt(index));
}

function blockEmission([first, ...others]: Block): Emission {
  const { partition, sequence } = first;
  const id = `${partition}/${sequence}`;
  const value = { kind: "links", links: [first, ...others] };
  return { topic: chainTopic, partition, key: id, id, type: "breakwater.audit.links", value };
}

function headEmission(head: SignedHead): Emission {
  const { partition, sequence } = head;
  const id = `${partition}/${sequence}/head`;
  return { topic: chainTopic, partition, key: id, id, type: "breakwater.audit.head", value: { kind: "head", ...head } };
}
