/**
 * A statement as CSV: a row each line, then what is outside the sum, price
 * versions and repricings, then the total; `kind` tells them apart.
 */
import { csvText, type Cell } from "../answers/csv.ts";
import type { Statement } from "./read-statement.ts";

const texts = ["kind", "client", "month", "feature", "harness", "provider", "model"];
const figures = ["calls", "input_tokens", "output_tokens", "cost_usd", "low_usd", "high_usd"];
const columns = [...texts.map((name) => ({ name, isText: true })), ...figures.map((name) => ({ name, isText: false }))];

/** Cells by the names of their columns; what a kind has none of is empty. */
type Row = Readonly<Record<string, Cell>>;

export function statementCsv(statement: Statement): string {
  const { client, month } = statement;
  const rows = rowsOf(statement).map((row): Row => ({ client, month, ...row }));
  return csvText(
    columns,
    rows.map((row) => columns.map(({ name }) => row[name] ?? null)),
  );
}

function rowsOf({ lines, orphans, unknown, in_flight: inFlight, ...statement }: Statement): readonly Row[] {
  return [
    ...lines.map((line) => ({ kind: "line", ...line })),
    { kind: "orphans", ...orphans },
    { kind: "unknown", ...unknown },
    { kind: "in_flight", calls: inFlight },
    ...statement.price_versions.map(({ price_version: model, ...of }) => ({ kind: "price_version", model, ...of })),
    ...statement.repricings.map(({ repriced_at: model, calls, repriced_usd: usd }) => ({
      kind: "repricing",
      model,
      calls,
      cost_usd: usd,
    })),
    { kind: "total", calls: statement.calls, cost_usd: statement.cost_usd },
  ];
}
