/**
 * The counter for dead letters: the newest of them in groups, a group's
 * letters, one letter as far as it may be shown. What it shows of a body is by
 * the policy of the harness that the letter names, the strictest where there
 * is none.
 */
import { z } from "zod";
import { resultStatus } from "../../../schemas/parts/codes.ts";
import { showText, strictestPolicy } from "../../dead-letters/body/hidden-text.ts";
import { showBody } from "../../dead-letters/body/shown-body.ts";
import {
  readDeadLetter,
  type DeadLetterEntry,
  type DeadLetterRecord,
  type DeadLetterRef,
} from "../../dead-letters/dead-letter.ts";
import { choose, groupIdOf, groupLetters, type LetterChoice } from "../../dead-letters/letter-groups.ts";
import { LetterIndex, type Listed } from "../../dead-letters/letter-index.ts";
import type { PolicyKnobs } from "../../../schemas/control/harness-definition.ts";
import type { Definitions } from "../../runtime/definitions.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import type { GroupsView, LetterDocument, LetterView } from "./letter-views.ts";
import type { ReplayBook, ReplayMarks } from "./replay-book.ts";

export interface LetterDeskParts {
  readonly reader: Pick<LogReader, "offsets" | "read" | "recordAt">;
  readonly harnesses: Pick<Definitions, "current">;
  readonly book: ReplayBook;
}

export interface Page {
  readonly skip: number;
  readonly limit: number;
}

const status = resultStatus.nullable().catch(null);
const headerChars = 500;
const messageChars = 4000;
const mostHeaders = 60;
const errorPrefix = "__dlq.errors.";

export class LetterDesk {
  readonly #parts: LetterDeskParts;
  readonly #index: LetterIndex;

  constructor(parts: LetterDeskParts) {
    this.#parts = parts;
    this.#index = new LetterIndex(parts.reader);
  }

  /** Errors: TransientError broker_unavailable. */
  async groups(choice: LetterChoice): Promise<GroupsView> {
    const [{ letters, older }, marks] = await Promise.all([this.#index.newest(), this.#parts.book.marksIfKnown()]);
    const chosen = choose(letters, choice);
    const replayed = Map.groupBy(
      chosen.filter(({ entry }) => marks !== null && this.#parts.book.of(entry.source, marks).length > 0),
      ({ entry }) => groupIdOf(entry),
    );
    const groups = groupLetters(chosen).map(({ firstAtMs, lastAtMs, examples, ...group }) => ({
      ...group,
      replayed: marks === null ? null : (replayed.get(group.group)?.length ?? 0),
      first_at_ms: firstAtMs,
      last_at_ms: lastAtMs,
      examples: [...examples],
    }));
    return { groups, letters: chosen.length, older };
  }

  /** Newest first; null when there is no such group. */
  async ofGroup(group: string, { skip, limit }: Page): Promise<{ letters: LetterView[]; total: number } | null> {
    const [members, marks] = await Promise.all([this.membersOf(group), this.#parts.book.marksIfKnown()]);
    if (members.length === 0) return null;
    const page = members.slice(skip, skip + limit);
    return { letters: page.map(({ entry }) => this.#view(entry, marks)), total: members.length };
  }

  /** Newest first. */
  async membersOf(group: string): Promise<readonly Listed[]> {
    const { letters } = await this.#index.newest();
    return letters.filter((letter) => groupIdOf(letter.entry) === group);
  }

  /** Null when no dead letter stands there. Errors: TransientError broker_unavailable. */
  async show(ref: DeadLetterRef): Promise<LetterDocument | null> {
    const record = await this.#parts.reader.recordAt(ref);
    const entry = record === null ? null : readDeadLetter(record);
    if (record === null || entry === null) return null;
    const policy = this.#policyOf(entry);
    const { headers, errors } = headersOf(record, policy);
    return {
      ...this.#view(entry, await this.#parts.book.marksIfKnown()),
      key: record.key === null ? null : showText(record.key.toString("utf8"), policy, headerChars).text,
      headers,
      errors,
      body: bodyView(record, policy),
    };
  }

  #policyOf({ harness }: DeadLetterEntry): PolicyKnobs["pii"] {
    return (
      (harness === null ? undefined : this.#parts.harnesses.current(harness))?.definition.knobs.pii ?? strictestPolicy
    );
  }

  #view(entry: DeadLetterEntry, marks: ReplayMarks | null): LetterView {
    const { source } = entry;
    return {
      ...entry,
      group: groupIdOf(entry),
      topic: source.topic,
      message: entry.message.slice(0, messageChars),
      replays:
        marks === null
          ? null
          : this.#parts.book.of(source, marks).map((mark) => ({ ...mark, status: status.parse(mark.status) })),
    };
  }
}

function bodyView({ value }: DeadLetterRecord, policy: PolicyKnobs["pii"]): LetterDocument["body"] {
  const body = showBody(value, policy);
  switch (body.kind) {
    case "json":
      return { ...body, value: z.json().parse(body.value) };
    case "bytes":
      return { ...body, rows: [...body.rows] };
    case "none":
    case "text":
      return body;
  }
}

function headersOf(
  { headers: all }: DeadLetterRecord,
  policy: PolicyKnobs["pii"],
): Pick<LetterDocument, "headers" | "errors"> {
  const shown = Object.entries(all)
    .slice(0, mostHeaders)
    .map(([name, value]): readonly [string, string] => [name, showText(value, policy, headerChars).text]);
  const errors = shown.filter(([name]) => name.startsWith(errorPrefix));
  return {
    headers: Object.fromEntries(shown.filter(([name]) => !name.startsWith(errorPrefix))),
    errors: Object.fromEntries(errors.map(([name, value]) => [name.slice(errorPrefix.length), value])),
  };
}
