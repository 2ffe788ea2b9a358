/** A statement as CSV: a row each line, then what is outside the sum, then the total; `kind` tells them apart. */
import { csvText } from "../answers/csv.ts";
import type { Statement } from "./read-statement.ts";

const texts = ["kind", "client", "month", "feature", "harness", "provider", "model"];
const figures = ["calls", "input_tokens", "output_tokens", "cost_usd", "low_usd", "high_usd"];

export function statementCsv(statement: Statement): string {
  const { client, month, lines, orphans, unknown, price_versions: versions } = statement;
  const named = (kind: string, model: string | null = null) => [kind, client, month, null, null, null, model];
  const rows = [
    ...lines.map(({ feature, harness, provider, model, ...line }) => [
      "line",
      client,
      month,
      feature,
      harness,
      provider,
      model,
      line.calls,
      line.input_tokens,
      line.output_tokens,
      line.cost_usd,
      null,
      null,
    ]),
    [...named("orphans"), orphans.calls, null, null, null, orphans.low_usd, orphans.high_usd],
    [...named("unknown"), unknown.calls, null, null, null, unknown.low_usd, unknown.high_usd],
    [...named("in_flight"), statement.in_flight, null, null, null, null, null],
    ...versions.map(({ price_version: version, calls, cost_usd: usd }) => [
      ...named("price_version", version),
      calls,
      null,
      null,
      usd,
      null,
      null,
    ]),
    [...named("total"), statement.calls, null, null, statement.cost_usd, null, null],
  ];
  const columns = [
    ...texts.map((name) => ({ name, isText: true })),
    ...figures.map((name) => ({ name, isText: false })),
  ];
  return csvText(columns, rows);
}
