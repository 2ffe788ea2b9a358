/**
 * An alert in a sentence, and alerts as a table.
 */
import type { AlertRecord } from "../../../schemas/control/alert.ts";
import type { Table } from "../table.ts";

export function alertSentence(alert: AlertRecord): string {
  switch (alert.kind) {
    case "budget.threshold":
      return `${alert.threshold_percent} % of ${alert.budget_id} is spent: ${spentOf(alert)}`;
    case "budget.refusing":
      return `${alert.budget_id} turns calls away until ${dayText(alert.window_end_ms)}: ${spentOf(alert)}`;
    case "spend.anomaly": {
      const { spent_usd: spent, usual_usd: usual, bound_usd: bound } = alert;
      const who = "harness" in alert.of ? `harness ${alert.of.harness}` : `client ${alert.of.client_id}`;
      const hour = `${new Date(alert.hour_start_ms).toISOString().slice(0, 13)}h`;
      return `${who} spent $${spent} in the hour of ${hour}; such hours cost $${usual}, the bound is $${bound}`;
    }
  }
}

export function alertTable(alerts: readonly AlertRecord[]): Table {
  return {
    columns: [{ head: "raised (UTC)" }, { head: "kind", drop: 1 }, { head: "what", wrap: true }],
    rows: alerts.map((alert) => [timeText(alert.raised_at_ms), alert.kind, alertSentence(alert)]),
  };
}

export function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}

function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

type BudgetAlert = Exclude<AlertRecord, { readonly kind: "spend.anomaly" }>;

/** In what the budget limits. */
function spentOf({ spent, limit_usd, limit_tokens }: BudgetAlert): string {
  const dollars = limit_usd === undefined ? [] : [`$${spent.usd} of $${limit_usd}`];
  return [...dollars, ...(limit_tokens === undefined ? [] : [`${spent.tokens} of ${limit_tokens} tokens`])].join(", ");
}
