/**
 * How far consumer groups are with their topics, for whoever asks again and
 * again: records done and records not done, the progress that is packed into
 * the commits included. One connection stays open.
 */
import type { Admin, Kafka } from "kafkajs";
import { TransientError } from "../../errors.ts";
import type { LogReader } from "../../kafka/log-reader.ts";
import type { RecordPlace } from "../../kafka/read/record-at.ts";
import { startingPoint } from "./committed-offsets.ts";
import { offsetsIn } from "./done-map.ts";

export interface GroupTopic {
  readonly groupId: string;
  readonly topic: string;
}

export interface GroupProgress {
  /** Of the topic since its beginning. */
  readonly done: number;
  readonly waiting: number;
}

export interface GroupStanding extends GroupProgress {
  /** The first record that is not done, of each partition where one waits. */
  readonly next: readonly RecordPlace[];
}

export interface GroupProgressReader {
  /** In the order of what was asked for. Errors: TransientError broker_unavailable. */
  read(): Promise<readonly GroupStanding[]>;
  close(): Promise<void>;
}

/** Connects with the first reading. */
export function openGroupProgress(
  kafka: Kafka,
  reader: Pick<LogReader, "offsets">,
  asked: readonly GroupTopic[],
): GroupProgressReader {
  const admin = kafka.admin();
  let connected: Promise<void> | null = null;
  return {
    read: async () => {
      try {
        connected ??= admin.connect();
        await connected;
        return await Promise.all(asked.map((of) => progressOf(admin, reader, of)));
      } catch (error) {
        connected = null;
        throw new TransientError("broker_unavailable", "the groups' progress cannot be asked for", error);
      }
    },
    close: () => admin.disconnect(),
  };
}

async function progressOf(
  admin: Admin,
  reader: Pick<LogReader, "offsets">,
  { groupId, topic }: GroupTopic,
): Promise<GroupStanding> {
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const commits = new Map(committed?.partitions.map((commit) => [commit.partition, commit]));
  const partitions = [...(await reader.offsets(topic))].map(([partition, { low, high }]) => {
    const { offset = "-1", metadata = null } = commits.get(partition) ?? {};
    return {
      partition,
      ...progressIn({ offset: Number(offset), metadata }, { low: Number(low), high: Number(high) }),
    };
  });
  return {
    done: partitions.reduce((sum, { done }) => sum + done, 0),
    waiting: partitions.reduce((sum, { waiting }) => sum + waiting, 0),
    next: partitions
      .filter(({ waiting }) => waiting > 0)
      .map(({ partition, next }) => ({ topic, partition, offset: BigInt(next) })),
  };
}

/** Of one partition, with the first offset that is not done. `offset`: the committed one, negative when there is none. */
export function progressIn(
  commit: { readonly offset: number; readonly metadata: string | null },
  ends: { readonly low: number; readonly high: number },
): GroupProgress & { readonly next: number } {
  const at = startingPoint(commit, ends, () => undefined).done;
  const done = at.low + offsetsIn(at).length;
  return { done, waiting: ends.high - done, next: at.low };
}
