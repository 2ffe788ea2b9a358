/** harness-subject-keys in memory: what processes publish to it, each of them sees. */
import { MemoryTopic } from "./memory-topic.ts";
import { silentLogger } from "./silent-logger.ts";
import { ContentKeys } from "../../services/runtime/content/content-keys.ts";
import { openEnvironmentKeys } from "../../services/runtime/secrets/key-service.ts";
import type { LogReader } from "../../services/runtime/kafka/log-reader.ts";
import type { Emission, Publish } from "../../services/runtime/stage.ts";

export const keySetting = "5e".repeat(32);

export class KeyTopic {
  readonly sent: Emission[] = [];
  readonly #views: MemoryTopic[] = [];

  readonly publish: Publish = async (emissions) => {
    for (const emission of emissions) {
      this.sent.push(emission);
      for (const view of this.#views) view.append(emission.key, textOf(emission));
    }
    return emissions.map(({ topic }) => ({ topic, partition: 0, offset: 0n }));
  };

  /** As a process begins to read the topic now. */
  reader(): Pick<LogReader, "offsets" | "follow"> & MemoryTopic {
    const view = new MemoryTopic(this.sent.map((emission) => [emission.key, textOf(emission)]));
    this.#views.push(view);
    return view;
  }

  /** By which every process of it goes, Unix milliseconds. */
  nowMs = 1;

  /** A process with this key, or with none. */
  keys(
    setting: string | null = keySetting,
    reader: Pick<LogReader, "offsets" | "follow"> = this.reader(),
  ): ContentKeys {
    const service = setting === null ? null : openEnvironmentKeys(setting);
    return new ContentKeys({ reader, publish: this.publish, service, logger: silentLogger, nowMs: () => this.nowMs });
  }
}

function textOf({ value }: Emission): string | null {
  return value === null ? null : JSON.stringify(value);
}
