/**
 * Looks at the budgets each second and at the hours' spend each minute, and
 * writes the alerts that are new. What could not be written, or not be asked of
 * the ledger, is seen again at the next look.
 */
import type { AlertRecord } from "../../schemas/control/alert.ts";
import type { Emission, StageContext } from "../runtime/stage.ts";
import type { AlertLog } from "./alert-log.ts";
import type { BudgetWatch } from "./budgets/open-budget-watch.ts";

export interface WatcherSettings {
  readonly log: Pick<AlertLog, "has" | "note">;
  /** Errors: TransientError broker_unavailable. */
  readonly openBudgets: () => Promise<BudgetWatch>;
  /** Errors: StoreError. */
  readonly lookAtSpend: (atMs: number) => Promise<readonly AlertRecord[]>;
  readonly logger: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

const budgetLookMs = 1000;
const spendLookMs = 60_000;

export class Watcher {
  readonly #settings: WatcherSettings;
  #stop: () => void = () => undefined;

  constructor(settings: WatcherSettings) {
    this.#settings = settings;
  }

  /** Resolves when the first look at the budgets is over. Errors: TransientError. */
  async start(context: Pick<StageContext, "publish" | "nowMs" | "signal">): Promise<void> {
    this.stop();
    const { openBudgets, lookAtSpend } = this.#settings;
    const budgets = await openBudgets();
    const ofBudgets = async (): Promise<void> => this.#raise(budgets.alerts(), context);
    const ofSpend = async (): Promise<void> => this.#raise(await lookAtSpend(context.nowMs()), context);
    const stops = [this.#repeat("budgets", ofBudgets, budgetLookMs), this.#repeat("spend", ofSpend, spendLookMs)];
    this.#stop = () => {
      for (const stop of stops) stop();
      budgets.close().catch((error: unknown) => this.#settings.logger.warn({ err: error }, "budgets did not close"));
    };
    if (context.signal.aborted) this.stop();
  }

  stop(): void {
    this.#stop();
    this.#stop = () => undefined;
  }

  /** One look at a time, the first at once. */
  #repeat(what: string, look: () => Promise<void>, everyMs: number): () => void {
    let isLooking = false;
    const once = (): void => {
      if (isLooking) return;
      isLooking = true;
      look()
        .catch((error: unknown) => this.#settings.logger.warn({ err: error, what }, "a look for alerts failed"))
        .finally(() => (isLooking = false));
    };
    const timer = setInterval(once, everyMs);
    once();
    return () => clearInterval(timer);
  }

  async #raise(alerts: readonly AlertRecord[], { publish, signal }: Pick<StageContext, "publish" | "signal">) {
    const { log, logger } = this.#settings;
    const fresh = alerts.filter(({ alert_id: id }) => !log.has(id));
    if (fresh.length === 0 || signal.aborted) return;
    const acks = await publish(fresh.map(emissionOf));
    for (const [index, { alert_id: id, kind }] of fresh.entries()) {
      const ack = acks[index];
      if (ack !== undefined) log.note(id, ack.offset);
      logger.info({ alert: id, kind }, "an alert was raised");
    }
  }
}

function emissionOf(alert: AlertRecord): Emission {
  return {
    topic: "harness-alerts",
    key: alert.alert_id,
    id: alert.alert_id,
    type: `breakwater.alert.${alert.kind}`,
    value: alert,
  };
}
