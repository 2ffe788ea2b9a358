/**
 * What is rolled up: each kind of rows, the sums that are made of it, and where
 * they are kept. The columns are those of the stable views, which the tables
 * share: `hour` or `day`, then what is counted by, then the counts.
 */
export const rollUpKinds = ["spend", "runs", "audit"] as const;
export type RollUpKind = (typeof rollUpKinds)[number];

/** One stable view's sums. */
export interface Sums {
  /** `<view>_hourly`, `<view>_daily` and `<view>_counted_in`. */
  readonly view: string;
  /** `<table>_hours` and `<table>_days`. */
  readonly table: string;
}

export const sumsOf: Readonly<Record<RollUpKind, readonly Sums[]>> = {
  spend: [{ view: "spend", table: "spend" }],
  runs: [{ view: "runs", table: "run" }],
  audit: [
    { view: "guards", table: "guard" },
    { view: "decisions", table: "decision" },
  ],
};

/** The rows that may stand in two hours, in the order of time; none for calls, whose start never changes. */
export const factsOf: Readonly<Record<RollUpKind, string | null>> = {
  spend: null,
  runs: "run_facts",
  audit: "audit_facts",
};
