/** Budgets: how much is gone, at what pace, and when they will be used up if that goes on. */
import type { BurnDownAnswer } from "../../../budgets/burn-down/burn-down-answer.ts";
import type { BurnDownRow } from "../../../budgets/burn-down/burn-down.ts";
import { useLive } from "../../data/use-live.ts";
import { money } from "../../format/money.ts";
import { grouped, percent } from "../../format/numbers.ts";
import { Empty } from "../../parts/empty.tsx";
import { Failed } from "../../parts/failed.tsx";
import { Meter } from "../../parts/meter.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { everyMs } from "./answer-of.ts";

export function BurnDown({ query }: { readonly query: URLSearchParams }) {
  const client = query.get("client");
  const search = client === null ? "" : `?${new URLSearchParams({ client }).toString()}`;
  const { data, error, refresh } = useLive<BurnDownAnswer>(`/v1/analytics/burn-down${search}`, everyMs);
  if (data === null && error !== null) return <Failed error={error} onRetry={refresh} />;
  return (
    <section class="card costs-budgets">
      <h2>Budgets</h2>
      {data?.rows.length === 0 ? (
        <Empty title="No budget of a day or a month is set.">
          Set one: <code>npx breakwater budgets set --client acme --window month --usd 250</code>
        </Empty>
      ) : (
        <ul>
          {data?.rows.map((row) => (
            <Budget key={`${row.budget_id}/${row.unit}`} row={row} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Budget({ row }: { readonly row: BurnDownRow }) {
  const amount = (text: string): string =>
    row.unit === "usd" ? money(text) : `${grouped(Math.round(Number(text)))} tokens`;
  const used = row.used_share ?? 1;
  const tone = used >= 1 ? "bad" : row.used_up_window !== null || row.used_up_recent !== null ? "warn" : "good";
  return (
    <li>
      <div class="page-head">
        <strong>
          <ModelText text={row.budget_id} />
        </strong>
        <span class="figure">
          {amount(row.spent)} of {amount(row.limit)} ({percent(used)})
        </span>
      </div>
      <Meter share={used} tone={tone} />
      <p class="quiet">
        {forecast("So far", row.pace_window, row.used_up_window, amount)}{" "}
        {forecast("In the last seven days", row.pace_recent, row.used_up_recent, amount)} Resets{" "}
        {minuteOf(row.resets_at)}.
      </p>
    </li>
  );
}

function forecast(when: string, pace: string | null, end: string | null, amount: (text: string) => string): string {
  if (pace === null) return `${when}: too early to tell a pace.`;
  const gone = end === null ? "it lasts until it resets" : `used up ${minuteOf(end)}`;
  return `${when} ${amount(pace)} a day: ${gone}.`;
}

function minuteOf(time: string): string {
  return `${time.slice(0, 16).replace("T", " ")} UTC`;
}
