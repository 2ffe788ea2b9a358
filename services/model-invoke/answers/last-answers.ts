/**
 * The last good answers, for harnesses that give them when no model answers.
 * Follows harness-answers for where they stand, from as far back as is held, and
 * reads the one that is asked for from harness-results: a few at a time, since
 * everybody asks when a provider is away. Nothing is copied, so what is erased
 * or past its retention there cannot be given here.
 */
import { bulkhead } from "cockatiel";
import { answerPointer } from "../../../schemas/records/answer-pointer.ts";
import type { AttemptTask } from "../../../schemas/records/attempt-task.ts";
import type { LogReader, LogRecord } from "../../runtime/kafka/log-reader.ts";
import { jsonOf } from "../journal/read-back.ts";
import { AnswerPointers, maxPointers } from "./answer-pointers.ts";
import { keptAnswer, noAnswer, type LastAnswer } from "./kept-answer.ts";

export interface LastAnswers {
  /** Errors: TransientError broker_unavailable. */
  find(task: AttemptTask, settings: { readonly maxAgeMs: number }): Promise<LastAnswer>;
}

export interface AnswerSource {
  readonly reader: Pick<LogReader, "offsets" | "follow" | "recordAt">;
  readonly logger: { warn(fields: object, message: string): void };
  readonly nowMs: () => number;
}

/** Answers that are read at once, each with the batch that holds it. */
const readAtOnce = 16;

/** Resolves when what is on the topic now is known. Errors: TransientError broker_unavailable. */
export async function openLastAnswers(source: AnswerSource): Promise<LastAnswers & { close(): Promise<void> }> {
  const pointers = new AnswerPointers();
  const closing = new AbortController();
  const caughtUp = Promise.withResolvers<void>();
  const following = source.reader.follow({
    topic: "harness-answers",
    starts: await startsOf(source),
    onRecord: (record) => note(pointers, record, source),
    onCaughtUp: () => caughtUp.resolve(),
    signal: closing.signal,
  });
  await Promise.race([caughtUp.promise, following]);
  const readings = bulkhead(readAtOnce, Number.POSITIVE_INFINITY);
  return {
    async find(task, { maxAgeMs }) {
      if (task.answer_key === undefined) return noAnswer("input-scan has no BREAKWATER_SECRET_KEY to know it by");
      const place = pointers.find(task.answer_key);
      if (place === undefined) return noAnswer("none is known");
      const wanted = { task, maxAgeMs, nowMs: source.nowMs() };
      if (wanted.nowMs - place.finishedAtMs > maxAgeMs) return noAnswer("it is too old");
      const at = { topic: "harness-results", partition: place.partition, offset: BigInt(place.offset) };
      const record = await readings.execute(() => source.reader.recordAt(at));
      return keptAnswer(jsonOf(record?.value ?? null), wanted);
    },
    async close() {
      closing.abort();
      await following;
    },
  };
}

/** No further back than what can be held. */
async function startsOf({ reader }: AnswerSource) {
  const ends = await reader.offsets("harness-answers");
  const most = BigInt(Math.ceil(maxPointers / Math.max(1, ends.size)));
  return [...ends].map(([partition, { low, high }]) => ({
    partition,
    from: high - low > most ? high - most : low,
  }));
}

function note(pointers: AnswerPointers, { key, value, partition, offset }: LogRecord, { logger }: AnswerSource): void {
  if (value === null) return pointers.forget(String(key));
  const { data } = answerPointer.safeParse(jsonOf(value));
  if (data === undefined) {
    const at = { topic: "harness-answers", partition, offset: String(offset) };
    return logger.warn(at, "a pointer to an answer cannot be read");
  }
  const place = { partition: data.partition, offset: Number(data.offset), finishedAtMs: data.finished_at_ms };
  pointers.note(data.answer_key, place);
}
