/** The caches, how long calls take, and what the guards found. */
import type { CacheRow } from "../../../ledger/questions/cache.ts";
import type { GuardsRow } from "../../../ledger/questions/guards.ts";
import type { LatencyRow } from "../../../ledger/questions/latency.ts";
import { grouped } from "../../format/numbers.ts";
import { words } from "../../format/status.ts";
import { span } from "../../format/times.ts";
import { Money } from "../../parts/money.tsx";
import { named, shareText, type SectionProps } from "./money-sections.tsx";
import { QuestionSection } from "./question-section.tsx";

export function Cache({ query }: SectionProps) {
  return (
    <QuestionSection<CacheRow>
      query={query}
      question={{ name: "cache", isOf: "calls" }}
      title="Prompt caches"
      expectedRows={4}
      keyOf={({ provider, model }) => `${provider}/${model}`}
      empty="Nothing was called in this period."
      columns={[
        { head: "Model", cell: ({ model }) => named(model) },
        { head: "Hits", cell: (row) => shareText(row.hit_share), isFigure: true },
        { head: "Saved", cell: (row) => <Money usd={row.saved_usd} />, isFigure: true },
        { head: "Read", cell: (row) => grouped(row.cached_input_tokens), isFigure: true, isMinor: true },
        { head: "Written", cell: (row) => grouped(row.cache_write_tokens), isFigure: true, isMinor: true },
      ]}
    />
  );
}

const took = (ms: number | null): string => (ms === null ? "–" : span(ms));

export function Latency({ query }: SectionProps) {
  return (
    <QuestionSection<LatencyRow>
      query={query}
      question={{ name: "latency", isOf: "calls" }}
      title="How long calls take"
      expectedRows={4}
      keyOf={({ provider, model }) => `${provider}/${model}`}
      empty="No call ended in this period."
      columns={[
        { head: "Model", cell: ({ model }) => named(model) },
        { head: "First p50", cell: (row) => took(row.first_token_p50_ms), isFigure: true, isMinor: true },
        { head: "First p95", cell: (row) => took(row.first_token_p95_ms), isFigure: true, isMinor: true },
        { head: "p50", cell: (row) => took(row.p50_ms), isFigure: true },
        { head: "p95", cell: (row) => took(row.p95_ms), isFigure: true },
        { head: "p99", cell: (row) => took(row.p99_ms), isFigure: true, isMinor: true },
        { head: "Calls", cell: ({ calls }) => grouped(calls), isFigure: true },
      ]}
    >
      To the first token, and to the end. Calls that failed are in it.
    </QuestionSection>
  );
}

export function Guards({ query }: SectionProps) {
  return (
    <QuestionSection<GuardsRow>
      query={query}
      question={{ name: "guards", isOf: "runs" }}
      title="What guards found"
      expectedRows={8}
      keyOf={({ guard }) => JSON.stringify(guard)}
      empty="No guard ran in this period."
      columns={[
        { head: "Guard", cell: ({ guard }) => words(guard ?? "") },
        { head: "Hit rate", cell: (row) => shareText(row.hit_share), isFigure: true },
        { head: "Hits", cell: ({ hits }) => grouped(hits), isFigure: true },
        { head: "Blocked", cell: ({ blocked }) => grouped(blocked), isFigure: true },
        { head: "Ran", cell: ({ ran }) => grouped(ran), isFigure: true, isMinor: true },
        { head: "Could not", cell: (row) => grouped(row.not_run), isFigure: true, isMinor: true },
      ]}
    />
  );
}
