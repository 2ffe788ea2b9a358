/** What moved, what reliability costs, what a success costs, what was saved. */
import type { MoversRow } from "../../../ledger/questions/movers.ts";
import type { PerSuccessRow } from "../../../ledger/questions/per-success.ts";
import type { ReliabilityRow } from "../../../ledger/questions/reliability.ts";
import type { SavingsRow } from "../../../ledger/questions/savings.ts";
import { money } from "../../format/money.ts";
import { grouped, percent } from "../../format/numbers.ts";
import { words } from "../../format/status.ts";
import { ModelText } from "../../parts/model-text.tsx";
import { Money } from "../../parts/money.tsx";
import { splitOf } from "./asked.ts";
import { QuestionSection } from "./question-section.tsx";
import { unnamed } from "./stacked.ts";

export interface SectionProps {
  readonly query: URLSearchParams;
}

export const shareText = (share: number | null): string => (share === null ? "–" : percent(share));
export const named = (value: string | null | undefined) =>
  value === null || value === undefined ? <span class="quiet">{unnamed}</span> : <ModelText text={value} />;

export function Movers({ query }: SectionProps) {
  const by = splitOf(query);
  return (
    <QuestionSection<MoversRow>
      query={query}
      question={{ name: "movers", isOf: "calls", by: [by], limit: 8 }}
      title="What moved most"
      expectedRows={8}
      keyOf={(row) => JSON.stringify(row[by])}
      empty="Nothing was called in this period or the one before."
      columns={[
        { head: words(by), cell: (row) => named(row[by]) },
        { head: "Change", cell: (row) => <Change usd={row.change_usd} />, isFigure: true },
        { head: "of before", cell: (row) => shareText(row.change_share), isFigure: true, isMinor: true },
        { head: "Now", cell: (row) => <Money usd={row.cost_usd} />, isFigure: true },
        { head: "Before", cell: (row) => <Money usd={row.before_usd} />, isFigure: true, isMinor: true },
      ]}
    >
      Against the period before, of the same length.
    </QuestionSection>
  );
}

function Change({ usd }: { readonly usd: string | null }) {
  if (usd === null) return <span class="quiet">unknown</span>;
  const rises = !usd.startsWith("-") && usd !== "0";
  return (
    <span class={rises ? "costs-more" : ""} title={`$${usd}`}>
      {rises ? "+" : ""}
      {money(usd)}
    </span>
  );
}

export function Reliability({ query }: SectionProps) {
  return (
    <QuestionSection<ReliabilityRow>
      query={query}
      question={{ name: "reliability", isOf: "calls" }}
      title="What reliability costs"
      expectedRows={6}
      keyOf={({ kind }) => kind}
      empty="Nothing was called in this period."
      columns={[
        { head: "Why", cell: ({ kind }) => kind },
        { head: "Cost", cell: (row) => <Money usd={row.cost_usd} />, isFigure: true },
        { head: "Share", cell: ({ share }) => shareText(share), isFigure: true },
        { head: "Calls", cell: ({ calls }) => grouped(calls), isFigure: true },
        { head: "At least", cell: (row) => <Money usd={row.bound_low_usd} />, isFigure: true, isMinor: true },
        { head: "At most", cell: (row) => <Money usd={row.bound_high_usd} />, isFigure: true, isMinor: true },
      ]}
    >
      Each call counts once. An orphan left and was never heard of again: its cost lies between the bounds.
    </QuestionSection>
  );
}

export function PerSuccess({ query }: SectionProps) {
  return (
    <QuestionSection<PerSuccessRow>
      query={query}
      question={{ name: "per-success", isOf: "runs" }}
      title="What a success costs"
      expectedRows={4}
      keyOf={({ harness }) => JSON.stringify(harness)}
      empty="No run ended in this period."
      columns={[
        { head: "Harness", cell: ({ harness }) => named(harness) },
        { head: "A success", cell: (row) => <Money usd={row.cost_per_success_usd} />, isFigure: true },
        { head: "Succeeded", cell: (row) => shareText(row.success_share), isFigure: true },
        { head: "Runs", cell: ({ runs }) => grouped(runs), isFigure: true, isMinor: true },
        { head: "Paid", cell: (row) => <Money usd={row.cost_usd} />, isFigure: true, isMinor: true },
      ]}
    >
      Everything that was paid, over the runs that ended ok or were released.
    </QuestionSection>
  );
}

export function Savings({ query }: SectionProps) {
  return (
    <QuestionSection<SavingsRow>
      query={query}
      question={{ name: "savings", isOf: "runs" }}
      title="What was saved"
      expectedRows={5}
      keyOf={({ saving, strategy }) => `${saving}/${strategy}`}
      empty="Nothing was called or refused in this period."
      columns={[
        { head: "By", cell: ({ saving, strategy }) => `${saving}, ${strategy}` },
        { head: "Saved", cell: (row) => <Money usd={row.saved_usd} />, isFigure: true },
        { head: "Tokens", cell: ({ tokens }) => grouped(tokens), isFigure: true },
        { head: "Failed", cell: (row) => shareText(row.failed_share), isFigure: true },
        { head: "Judged", cell: (row) => grouped(row.judged_answers), isFigure: true, isMinor: true },
      ]}
    >
      Prompts that were sent whole stand beside those that were cut, to compare how often their answers failed.
    </QuestionSection>
  );
}
