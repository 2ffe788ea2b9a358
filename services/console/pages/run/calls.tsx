/** Each call of a run: to whom, for what, with which end, tokens, cost and times. */
import type { LedgerCall } from "../../../ledger/timeline.ts";
import { grouped } from "../../format/numbers.ts";
import { span } from "../../format/times.ts";
import { Badge, StatusBadge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Money } from "../../parts/money.tsx";
import { Table, type Column } from "../../parts/tables/table.tsx";

export function Calls({ calls }: { readonly calls: readonly LedgerCall[] }) {
  return (
    <section class="card run-calls" aria-labelledby="calls">
      <h2 id="calls">Calls</h2>
      <Table
        caption="Calls of this run"
        rows={calls}
        keyOf={({ call_id: id }) => id}
        columns={columns}
        expectedRows={Math.max(1, calls.length)}
        empty={<Empty title="No model was called." />}
      />
    </section>
  );
}

const columns: readonly Column<LedgerCall>[] = [
  { head: "Call", cell: ({ attempt, call_no: number }) => <span title="Attempt, call">{`${attempt}.${number}`}</span> },
  {
    head: "Model",
    cell: ({ provider, model, served_model: served }) => (
      <>
        {provider}{" "}
        <span class="call-model" title={served === null || served === model ? undefined : `answered as ${served}`}>
          {model}
        </span>
      </>
    ),
  },
  { head: "Cost", cell: (call) => <Cost call={call} />, isFigure: true },
  { head: "End", cell: (call) => <End call={call} /> },
  { head: "Made for", cell: (call) => purposeOf(call), isMinor: true },
  { head: "Tokens", cell: (call) => <Tokens call={call} />, isFigure: true, isMinor: true },
  {
    head: "First token",
    cell: ({ first_token_ms: ms }) => (ms === null ? "–" : span(ms)),
    isFigure: true,
    isMinor: true,
  },
  { head: "Took", cell: ({ duration_ms: ms }) => (ms === null ? "–" : span(ms)), isFigure: true },
];

function purposeOf({ purpose, hedge_of: hedge, tier, attempt, call_no: number }: LedgerCall): string {
  const why =
    purpose ??
    (hedge !== null ? "hedge" : attempt > 1 && number === 1 ? "asked again" : number > 1 ? "another try" : "answer");
  return tier === 0 ? why : `${why}, tier ${tier}`;
}

function End({ call: { state, outcome, error_code: code, error_status: status } }: { readonly call: LedgerCall }) {
  if (state === "in_flight") return <Badge tone="accent">in flight</Badge>;
  if (state === "orphan") return <Badge tone="bad">no end seen</Badge>;
  const why = [code, status === null ? null : `HTTP ${status}`].filter((part) => part !== null).join(", ");
  return (
    <>
      <StatusBadge status={outcome ?? "unknown"} />
      {why === "" ? null : <span class="quiet"> {why}</span>}
    </>
  );
}

function inputOf({
  input_tokens: fresh,
  cached_input_tokens: cached,
  cache_write_tokens: written,
}: LedgerCall): number | null {
  return fresh === null ? null : fresh + (cached ?? 0) + (written ?? 0);
}

function outputOf({ output_tokens: words, reasoning_tokens: reasoning }: LedgerCall): number | null {
  return words === null ? null : words + (reasoning ?? 0);
}

/** In and out. */
function Tokens({ call }: { readonly call: LedgerCall }) {
  const [input, output] = [inputOf(call), outputOf(call)];
  if (input === null || output === null) return <>–</>;
  return <span title={`${grouped(input)} in, ${grouped(output)} out`}>{`${grouped(input)} + ${grouped(output)}`}</span>;
}

/** A call without a known cost lies between its bounds. */
function Cost({ call: { cost_usd: usd, bound_low_usd: low, bound_high_usd: high } }: { readonly call: LedgerCall }) {
  if (usd !== null || low === null || high === null) return <Money usd={usd} />;
  if (Number(low) === Number(high)) return <Money usd={low} />;
  return (
    <>
      <Money usd={low} /> – <Money usd={high} />
    </>
  );
}
