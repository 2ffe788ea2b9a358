/** What a replay would do and cost, harness by harness, and what of it cannot be done, with the reasons. */
import type { ComponentChildren } from "preact";
import type { EstimateView } from "../../../gateway/dead-letters/letter-views.ts";
import { counted, grouped } from "../../format/numbers.ts";
import { Money } from "../../parts/money.tsx";

export function Estimate({ estimate }: { readonly estimate: EstimateView }) {
  const { replays, left, total, by_harness: byHarness } = estimate;
  const already = replays.filter(({ kind }) => kind === "already");
  return (
    <div class="estimate">
      <p>
        <strong>{counted(total.runs, "new run")}</strong>
        {already.length === 0 ? "" : `; ${grouped(already.length)} replayed already`}
        {left === 0 ? "" : `; ${grouped(left)} more of the group stay for later`}
      </p>
      {total.runs === 0 ? null : <Costs total={total} byHarness={byHarness} />}
      <Doubts {...total} />
      <Unusable replays={replays} />
    </div>
  );
}

interface CostsProps {
  readonly total: EstimateView["total"];
  readonly byHarness: EstimateView["by_harness"];
}

function Costs({ total, byHarness }: CostsProps) {
  return (
    <table>
      <caption class="unseen">What the new runs may cost</caption>
      <thead>
        <tr>
          <th scope="col">Harness</th>
          {["Runs", "Expected", "At most"].map((head) => (
            <th key={head} scope="col" class="figure-cell">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {byHarness.map((one) => (
          <CostRow key={one.harness} cost={one}>
            {one.harness}
            {one.is_known ? "" : <span class="quiet"> there is none: it will be dead-lettered again</span>}
          </CostRow>
        ))}
        <CostRow cost={total} isTotal>
          All
        </CostRow>
      </tbody>
    </table>
  );
}

interface CostRowProps {
  readonly cost: Pick<EstimateView["total"], "runs" | "expected_usd" | "worst_case_usd">;
  readonly isTotal?: boolean;
  readonly children: ComponentChildren;
}

function CostRow({ cost, isTotal = false, children }: CostRowProps) {
  return (
    <tr class={isTotal ? "total" : ""}>
      <th scope="row">{children}</th>
      <td class="figure-cell">{grouped(cost.runs)}</td>
      <td class="figure-cell">
        <Money usd={cost.expected_usd} />
      </td>
      <td class="figure-cell">
        <Money usd={cost.worst_case_usd} />
      </td>
    </tr>
  );
}

/** What the sums leave out. */
function Doubts({ runs, unpriced_runs: unpriced, unexpected_runs: unexpected }: EstimateView["total"]) {
  if (runs === 0) return null;
  return (
    <p class="quiet">
      Expected: what the harness's runs cost in the last seven days. At most: every model asked at every attempt.
      {unexpected === 0 ? "" : ` No run of the harness ended lately for ${grouped(unexpected)}.`}
      {unpriced === 0 ? "" : ` A model has no price for ${grouped(unpriced)}: they are in no sum.`}
    </p>
  );
}

function Unusable({ replays }: Pick<EstimateView, "replays">) {
  const reasons = [...Map.groupBy(replays, ({ kind, reason }) => (kind === "unusable" ? (reason ?? "") : null))];
  const shown = reasons.flatMap(([reason, letters]) => (reason === null ? [] : [{ reason, count: letters.length }]));
  if (shown.length === 0) return null;
  return (
    <div>
      <h3>Cannot be replayed</h3>
      <ul class="reasons">
        {shown.map(({ reason, count }) => (
          <li key={reason}>
            {counted(count, "letter")}: {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}
