/**
 * Replays over HTTP: a choice of dead letters is made ready, priced, or
 * published as new runs. A letter that was replayed is not replayed again
 * unless that is asked for; then it is its next replay. A replay goes through
 * guards and budgets like any other run.
 */
import type { Actor } from "../../../schemas/audit/change.ts";
import { parseRef, readDeadLetter } from "../../dead-letters/dead-letter.ts";
import type { Letter } from "../../dead-letters/read-letters.ts";
import { prepareReplay, type PreparedReplay } from "../../dead-letters/replay/prepare-replay.ts";
import { replayChanges } from "../../dead-letters/replay/replay-change.ts";
import type { Store } from "../../ledger/clickhouse.ts";
import { harnessSpends, lateMs } from "../../ledger/operations/harness-spend.ts";
import { tellChanges } from "../../runtime/audit/change-record.ts";
import type { Definitions } from "../../runtime/definitions.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";
import { requestEmission } from "../../runtime/requests/request-record.ts";
import type { Publish } from "../../runtime/stage.ts";
import { linkedTo, spanHere } from "../../runtime/telemetry/span-links.ts";
import type { LetterDesk } from "./letter-desk.ts";
import { mostAtOnce, type EstimateView, type ReplaySelection, type ReplaysView } from "./letter-views.ts";
import type { ReplayBook, ReplayMarks } from "./replay-book.ts";
import { estimateOf, replayViewOf, type EstimateInputs } from "./replay-estimate.ts";

export interface ReplayDeskParts {
  readonly reader: Pick<LogReader, "recordAt">;
  readonly ledger: Pick<Store, "query">;
  readonly harnesses: Pick<Definitions, "current" | "get">;
  /** Signs requests with the gateway's key, where it has one. */
  readonly publish: Publish;
  readonly letters: Pick<LetterDesk, "membersOf">;
  readonly book: ReplayBook;
  readonly negotiated: EstimateInputs["negotiated"];
  readonly nowMs: () => number;
}

type Source = Letter["entry"]["source"];

interface Chosen {
  readonly refs: readonly string[];
  /** Of the group, beyond those. */
  readonly left: number;
}

interface Prepared {
  readonly replays: readonly PreparedReplay[];
  readonly left: number;
  readonly sources: ReadonlyMap<string, Source>;
}

/** Letters are read so many at a time. */
const atATime = 8;

/** Errors of all: StoreError, as what was replayed must be known; TransientError broker_unavailable. */
export class ReplayDesk {
  readonly #parts: ReplayDeskParts;

  constructor(parts: ReplayDeskParts) {
    this.#parts = parts;
  }

  /** Publishes nothing. Null when there is no such group. */
  async estimate(selection: ReplaySelection): Promise<EstimateView | null> {
    const { ledger, harnesses, negotiated, nowMs } = this.#parts;
    const prepared = await this.#prepare(selection);
    if (prepared === null) return null;
    const spends = await harnessSpends(ledger, nowMs() - lateMs);
    return { ...estimateOf(prepared.replays, { harnesses, spends, negotiated, atMs: nowMs() }), left: prepared.left };
  }

  /** Told to the audit before. Resolves when the new runs are acknowledged. Null when there is no such group. */
  async replay(selection: ReplaySelection, by: Actor): Promise<ReplaysView | null> {
    const { publish, book } = this.#parts;
    const prepared = await this.#prepare(selection);
    if (prepared === null) return null;
    const fresh = prepared.replays.flatMap((replay) => (replay.kind === "new" ? [replay] : []));
    const here = spanHere();
    const emissionOf = ({ request, traceparent }: (typeof fresh)[number]) =>
      requestEmission(request, "harness-requests", linkedTo(traceparent, here));
    await tellChanges(publish, by, replayChanges(fresh, { isMended: false }));
    if (fresh.length > 0) await publish(fresh.map(emissionOf));
    for (const { ref, runId, replay } of fresh) {
      const source = prepared.sources.get(ref);
      if (source !== undefined) book.note(source, { run_id: runId, replay });
    }
    return { replays: prepared.replays.map(replayViewOf), published: fresh.length, left: prepared.left };
  }

  async #prepare(selection: ReplaySelection): Promise<Prepared | null> {
    const marks = await this.#parts.book.marks();
    const chosen = await this.#choose(selection, marks);
    if (chosen === null) return null;
    const sources = new Map<string, Source>();
    const replays: PreparedReplay[] = [];
    for (let at = 0; at < chosen.refs.length; at += atATime) {
      const some = chosen.refs.slice(at, at + atATime);
      replays.push(
        ...(await Promise.all(some.map((ref) => this.#prepareOne(ref, { marks, force: selection.force, sources })))),
      );
    }
    return { replays: onceEach(replays), left: chosen.left, sources };
  }

  async #choose(selection: ReplaySelection, marks: ReplayMarks): Promise<Chosen | null> {
    if ("letters" in selection) return { refs: [...new Set(selection.letters)], left: 0 };
    const members = await this.#parts.letters.membersOf(selection.group);
    if (members.length === 0) return null;
    const wanted = members.filter(
      ({ entry }) => selection.force || this.#parts.book.of(entry.source, marks).length === 0,
    );
    const refs = wanted.slice(0, mostAtOnce).map(({ entry }) => entry.ref);
    return { refs, left: wanted.length - refs.length };
  }

  async #prepareOne(
    ref: string,
    { marks, force, sources }: { marks: ReplayMarks; force: boolean; sources: Map<string, Source> },
  ): Promise<PreparedReplay> {
    const { reader, book } = this.#parts;
    const letter = await letterAt(reader, ref);
    if (letter === null) return unusable(ref, "no dead letter stands there any more");
    if (letter.entry.code === "client_unverified")
      return unusable(ref, "nobody has vouched for the client it names: its publisher has to send it again, signed");
    sources.set(ref, letter.entry.source);
    const done = new Set(book.of(letter.entry.source, marks).map(({ run_id: runId }) => runId));
    const isDone = (runId: string): Promise<boolean> => Promise.resolve(done.has(runId));
    return prepareReplay({ reader, letter, wish: { number: undefined, again: force }, isDone });
  }
}

async function letterAt(reader: ReplayDeskParts["reader"], text: string): Promise<Letter | null> {
  const ref = parseRef(text);
  const record = ref === null ? null : await reader.recordAt(ref);
  const entry = record === null ? null : readDeadLetter(record);
  return record === null || entry === null ? null : { entry, record };
}

function unusable(ref: string, reason: string): PreparedReplay {
  return { kind: "unusable", ref, reason, isMendable: false };
}

/** A record that was dead-lettered twice is one run. */
function onceEach(replays: readonly PreparedReplay[]): readonly PreparedReplay[] {
  const seen = new Set<string>();
  return replays.map((replay): PreparedReplay => {
    if (replay.kind !== "new") return replay;
    const { ref, runId } = replay;
    if (seen.has(runId)) return { kind: "already", ref, runId, replay: replay.replay };
    seen.add(runId);
    return replay;
  });
}
