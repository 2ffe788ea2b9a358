/**
 * The alerts on harness-alerts, as whoever reads the topic knows them: the first
 * record of each by offset, in their order. Shown records in the order of the
 * log; those that are no alerts are passed over.
 */
import { alertRecord, type AlertRecord } from "../../../schemas/control/alert.ts";
import type { LogReader, LogRecord } from "../kafka/log-reader.ts";
import { followTopic } from "../kafka/read/follow-topic.ts";

export const alertTopic = "harness-alerts";

export interface AlertFilter {
  readonly sinceMs?: number | undefined;
  readonly kind?: AlertRecord["kind"] | undefined;
  /** Of budgets for this client, and of its spend. */
  readonly client?: string | undefined;
}

export class AlertBook {
  readonly #alerts = new Map<string, AlertRecord>();

  /** The alert, or null for a repeat and for what is none. */
  apply({ value }: Pick<LogRecord, "value">): AlertRecord | null {
    const alert = parsedAlert(value);
    if (alert === null || this.#alerts.has(alert.alert_id)) return null;
    this.#alerts.set(alert.alert_id, alert);
    return alert;
  }

  /** Newest first. */
  list({ sinceMs = 0, kind, client }: AlertFilter, limit: number): readonly AlertRecord[] {
    return [...this.#alerts.values()]
      .filter((alert) => alert.raised_at_ms >= sinceMs && (kind === undefined || alert.kind === kind))
      .filter((alert) => client === undefined || clientOf(alert) === client)
      .toSorted((left, right) => right.raised_at_ms - left.raised_at_ms)
      .slice(0, limit);
  }
}

export interface FollowedAlerts {
  readonly book: Pick<AlertBook, "list">;
  readonly close: () => Promise<void>;
}

/** Resolves when all is read that was there; `onAlert` hears of those and of each later one. Errors: TransientError broker_unavailable. */
export async function followAlerts(
  reader: Pick<LogReader, "offsets" | "follow">,
  onAlert: (alert: AlertRecord) => void = () => undefined,
): Promise<FollowedAlerts> {
  const book = new AlertBook();
  const closing = new AbortController();
  const starts = [...(await reader.offsets(alertTopic))].map(([partition, { low }]) => ({ partition, from: low }));
  const onRecord = (record: LogRecord): void => {
    const alert = book.apply(record);
    if (alert !== null) onAlert(alert);
  };
  const { ended } = await followTopic(reader, { topic: alertTopic, starts, onRecord, signal: closing.signal });
  return {
    book,
    close: async () => {
      closing.abort();
      await ended;
    },
  };
}

/** Null for what is none. */
export function parsedAlert(value: Buffer | null): AlertRecord | null {
  try {
    return alertRecord.parse(JSON.parse(String(value)));
  } catch {
    return null;
  }
}

function clientOf(alert: AlertRecord): string | undefined {
  if (alert.kind !== "spend.anomaly") return alert.scope.client_id;
  return "client_id" in alert.of ? alert.of.client_id : undefined;
}
