/**
 * Which alerts stand on harness-alerts, and where the first record of each is:
 * read whole when the partition is taken over, and told of each record after
 * that. So an alert that was raised once is not raised again, and only its first
 * record counts.
 */
import { z } from "zod";
import type { LogReader } from "../runtime/kafka/log-reader.ts";

const topic = "harness-alerts";
const identified = z.object({ alert_id: z.string() });

export class AlertLog {
  readonly #reader: Pick<LogReader, "offsets" | "read">;
  readonly #first = new Map<string, bigint>();

  constructor(reader: Pick<LogReader, "offsets" | "read">) {
    this.#reader = reader;
  }

  /** Reads the topic to its end. Errors: TransientError broker_unavailable. */
  async read(): Promise<void> {
    const ends = await this.#reader.offsets(topic);
    await this.#reader.read({
      topic,
      ranges: [...ends].map(([partition, { low, high }]) => ({ partition, from: low, to: high })),
      onRecord: ({ value, offset }) => {
        const id = idIn(value);
        if (id !== null) this.note(id, offset);
      },
    });
  }

  has(alertId: string): boolean {
    return this.#first.has(alertId);
  }

  note(alertId: string, offset: bigint): void {
    const known = this.#first.get(alertId);
    if (known === undefined || offset < known) this.#first.set(alertId, offset);
  }

  /** Also notes it. */
  isFirst(alertId: string, offset: bigint): boolean {
    this.note(alertId, offset);
    return this.#first.get(alertId) === offset;
  }
}

function idIn(value: Buffer | null): string | null {
  try {
    return identified.parse(JSON.parse(String(value))).alert_id;
  } catch {
    return null;
  }
}
