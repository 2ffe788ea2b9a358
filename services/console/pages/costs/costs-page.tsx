/** What was paid, by what and why, what moved, what was saved, and how long the budgets last. */
import { usePlace } from "../../navigation/place.ts";
import { BurnDown } from "./burn-down.tsx";
import { CostsFilters } from "./costs-filters.tsx";
import { Movers, PerSuccess, Reliability, Savings } from "./money-sections.tsx";
import { Cache, Guards, Latency } from "./running-sections.tsx";
import { SpendSection } from "./spend-section.tsx";
import "./costs.css";

export function Page() {
  const { query } = usePlace();
  return (
    <>
      <div class="page-head">
        <h1>Costs</h1>
      </div>
      <CostsFilters query={query} />
      <SpendSection query={query} />
      <div class="columns costs-sections">
        <Movers query={query} />
        <Reliability query={query} />
        <PerSuccess query={query} />
        <Savings query={query} />
        <Cache query={query} />
        <Latency query={query} />
        <Guards query={query} />
        <BurnDown query={query} />
      </div>
    </>
  );
}
