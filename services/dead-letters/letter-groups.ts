/**
 * Dead letters grouped by what made them: code, stage, topic, harness and the
 * cause that their messages name. A group has an id that follows from these
 * alone, so that a link to it stays good. Pure.
 */
import { createHash } from "node:crypto";
import type { ConsumedTopic } from "../../topics/catalog.ts";
import type { DeadLetterEntry } from "./dead-letter.ts";
import type { Listed } from "./letter-index.ts";

export interface LetterGroup {
  /** 16 hex digits. */
  readonly group: string;
  readonly code: string;
  readonly stage: string;
  /** That was read when it went wrong. */
  readonly topic: ConsumedTopic;
  readonly harness: string | null;
  readonly cause: string;
  readonly letters: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** The newest few. */
  readonly examples: readonly string[];
}

export interface LetterChoice {
  readonly topic?: string | undefined;
  readonly code?: string | undefined;
  readonly stage?: string | undefined;
  readonly harness?: string | undefined;
}

const mostExamples = 3;

export function groupIdOf({ code, stage, source, harness, cause }: DeadLetterEntry): string {
  const parts = [code, stage, source.topic, harness ?? "", cause];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

export function choose(letters: readonly Listed[], { topic, code, stage, harness }: LetterChoice): readonly Listed[] {
  return letters.filter(
    ({ entry }) =>
      (topic === undefined || entry.source.topic === topic) &&
      (code === undefined || entry.code === code) &&
      (stage === undefined || entry.stage === stage) &&
      (harness === undefined || entry.harness === harness),
  );
}

/** `letters` newest first; the largest group first. */
export function groupLetters(letters: readonly Listed[]): readonly LetterGroup[] {
  return [...Map.groupBy(letters, ({ entry }) => groupIdOf(entry))]
    .flatMap(([group, members]): readonly LetterGroup[] => {
      const [newest] = members;
      if (newest === undefined) return [];
      const { code, stage, source, harness, cause } = newest.entry;
      return [
        {
          group,
          code,
          stage,
          topic: source.topic,
          harness,
          cause,
          letters: members.length,
          firstAtMs: members.at(-1)?.timestampMs ?? newest.timestampMs,
          lastAtMs: newest.timestampMs,
          examples: members.slice(0, mostExamples).map(({ entry }) => entry.ref),
        },
      ];
    })
    .toSorted((left, right) => right.letters - left.letters || right.lastAtMs - left.lastAtMs);
}
