/**
 * Asks every part of the system how it stands, each for itself and for a few
 * seconds only: what does not answer is unknown, and the rest is told. Who asks
 * while a part is still being asked gets that answer, so that a broker which
 * hangs is asked once.
 */
import type { BreakerRecord } from "../../schemas/control/breaker.ts";
import type { CommandRecord } from "../../schemas/control/command.ts";
import type { Budgets } from "../budgets/burn-down/burn-down-answer.ts";
import { StoreError, type Store } from "../ledger/clickhouse.ts";
import { TransientError } from "../runtime/errors.ts";
import { ledgerStanding } from "./ledger-standing.ts";
import { statusOf, type StageStanding } from "./status-of.ts";
import type { Status } from "./status-view.ts";

export interface StatusSources {
  readonly stages: () => Promise<readonly StageStanding[]>;
  readonly breakers: () => Promise<Iterable<BreakerRecord>>;
  readonly commands: () => Promise<Iterable<CommandRecord>>;
  readonly budgets: () => Promise<Budgets>;
  /** Null when whoever asks knows of none. */
  readonly ledger: Pick<Store, "query"> | null;
}

/** How long a part may take, milliseconds. */
const usualPatienceMs = 5000;

export type ReadStatus = (nowMs: number) => Promise<Status>;

/** Errors: none that a part's failure could cause. */
export function statusReader(sources: StatusSources, patienceMs = usualPatienceMs): ReadStatus {
  const { ledger } = sources;
  const part = <T>(read: () => Promise<T>): (() => Promise<T | null>) => withPatience(oneAtATime(read), patienceMs);
  const stages = part(sources.stages);
  const breakers = part(sources.breakers);
  const commands = part(sources.commands);
  const budgets = part(sources.budgets);
  const standing = ledger === null ? () => Promise.resolve("not asked" as const) : part(() => ledgerStanding(ledger));
  return async (nowMs) => {
    const [seenStages, seenBreakers, seenCommands, seenBudgets, seenLedger] = await Promise.all([
      stages(),
      breakers(),
      commands(),
      budgets(),
      standing(),
    ]);
    return statusOf(
      { stages: seenStages, breakers: seenBreakers, commands: seenCommands, budgets: seenBudgets, ledger: seenLedger },
      nowMs,
    );
  };
}

function oneAtATime<T>(read: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | null = null;
  return () => {
    underWay ??= read().finally(() => void (underWay = null));
    return underWay;
  };
}

/** Null when it cannot be reached, or not in time. */
function withPatience<T>(read: () => Promise<T>, patienceMs: number): () => Promise<T | null> {
  return async () => {
    const { promise: tooLate, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(() => resolve(null), patienceMs);
    try {
      return await Promise.race([read(), tooLate]);
    } catch (error) {
      if (error instanceof TransientError || error instanceof StoreError) return null;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}
