/** How much of each budget is used in its window that runs. Pages that show it in short give a limit. */
import type { BudgetUse } from "../../../status/status-view.ts";
import { money } from "../../format/money.ts";
import { grouped, percent } from "../../format/numbers.ts";
import { Empty } from "../../parts/empty.tsx";
import { Meter } from "../../parts/meter.tsx";
import { ModelText } from "../../parts/model-text.tsx";
import { Time } from "../../parts/time.tsx";
import "./health.css";

const nearly = 0.8;

export function BudgetUses({ budgets }: { readonly budgets: readonly BudgetUse[] }) {
  if (budgets.length === 0)
    return (
      <Empty title="No budget of a day or a month is set.">
        Set one: <code>npx breakwater budgets set --client acme --window month --usd 250</code>
      </Empty>
    );
  return (
    <ul class="health-budgets">
      {budgets.map((use) => (
        <Budget key={`${use.budget_id}/${use.unit}`} use={use} />
      ))}
    </ul>
  );
}

function Budget({ use: { budget_id: id, unit, spent, limit, used_share: share, resets_at: resets } }: BudgetProps) {
  const amount = (text: string): string => (unit === "usd" ? money(text) : `${grouped(Number(text))} tokens`);
  // A limit of nothing is used up.
  const used = share ?? 1;
  return (
    <li>
      <div class="page-head">
        <strong>
          <ModelText text={id} />
        </strong>
        <span class="figure">
          {amount(spent)} of {amount(limit)} ({percent(used)})
        </span>
      </div>
      <Meter share={used} tone={used >= 1 ? "bad" : used >= nearly ? "warn" : "good"} />
      <p class="quiet">
        Resets <Time atMs={Date.parse(resets)} />
      </p>
    </li>
  );
}

interface BudgetProps {
  readonly use: BudgetUse;
}
