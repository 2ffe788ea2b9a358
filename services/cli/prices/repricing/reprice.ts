/**
 * `prices reprice`: what the ledger's calls of a period would have cost under
 * the prices in force now, beside what was stamped on them. With --write it is
 * told to the audit and written down beside the ledger; nothing that is in the books changes.
 */
import { v7 } from "uuid";
import { z } from "zod";
import type { PriceRecord } from "../../../../schemas/control/price.ts";
import { csvText } from "../../../ledger/answers/csv.ts";
import type { Store } from "../../../ledger/clickhouse.ts";
import { costTime } from "../../../ledger/cost-reports/cost-query.ts";
import { finishedCalls, type CallQuery } from "../../../ledger/repricing/finished-calls.ts";
import { recordRepricing, type Repricing } from "../../../ledger/repricing/record-repricing.ts";
import { NegotiatedPrices } from "../../../pricing/negotiated-prices.ts";
import { tariffsOf, type TariffOf } from "../../../pricing/tariff.ts";
import { openProviderBook } from "../../../providers/configured/provider-book.ts";
import { tellChanges, versionOfRecord, type Change } from "../../../runtime/audit/change-record.ts";
import { readConfig } from "../../../runtime/config.ts";
import { withKafka, withLedger } from "../../connections.ts";
import { exitCodes } from "../../exit-codes.ts";
import { operatorOf, parseOptions, type CommandAction } from "../../program/command.ts";
import { grouped, type Table } from "../../table.ts";
import { pricesIn } from "../prices.ts";
import { repriced, RepricedSums, repricedTotal, type RepricedLine } from "./repriced-calls.ts";

const repriceOptions = z.object({
  from: costTime.pipe(z.number("say from when on: --from 2026-11-01")),
  to: costTime,
  client: z.string().optional(),
  provider: z.string().optional(),
  model: z.string().optional(),
  csv: z.boolean().default(false),
  write: z.boolean().default(false),
});

export const reprice: CommandAction = async ({ screen, env }, { options }) => {
  const { from: fromMs, to, csv, write, ...which } = parseOptions(repriceOptions, options);
  const atMs = Date.now();
  const book = openProviderBook(
    readConfig(["OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "BREAKWATER_PROVIDERS_FILE"], env),
  );
  const repricing = write ? { id: v7(), atMs } : null;
  const query = { ...which, fromMs, toMs: to ?? atMs };
  const prices = await withKafka(env, async (kafka) => {
    const known = [...(await pricesIn(kafka.reader)).values()];
    if (repricing === null) return known;
    const { publish } = await kafka.producer();
    await tellChanges(publish, operatorOf(options), [repricingChange(repricing, query, known)]);
    return known;
  });
  const tariffOf = tariffsOf(book.pricedAs, new NegotiatedPrices(prices));
  const lines = await withLedger(env, (store) => repriceAll(store, query, { tariffOf, repricing }));
  if (csv) screen.raw(csvText(csvColumns, lines.map(rowOf)));
  else {
    screen.document({ repricing_id: repricing?.id ?? null, lines, total: repricedTotal(lines) });
    if (lines.length > 0) screen.table(repricedTable(lines));
  }
  if (lines.length === 0) screen.note("No call in the ledger ended in that time.");
  else if (repricing === null) screen.note("Nothing was written; the books stand. --write records it beside them.");
  else screen.note(`Recorded as ${repricing.id}: the view repriced_calls shows both costs. The books stand.`);
  return exitCodes.ok;
};

/** Its version is that of the negotiated prices that it was made by. */
function repricingChange(
  { id }: Repricing,
  { fromMs, toMs, client, provider, model }: CallQuery,
  prices: readonly PriceRecord[],
): Change {
  const period = `${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
  const which = [period, ...(provider === undefined ? [] : [provider]), ...(model === undefined ? [] : [model])];
  return {
    action: "calls.repriced",
    target: `${id}: ${which.join(", ")}`,
    version: versionOfRecord(prices),
    ...(client === undefined ? {} : { client_id: client }),
  };
}

/** Errors: StoreError. A repricing that breaks off is made again under another id, which then counts. */
export async function repriceAll(
  store: Pick<Store, "query" | "insert">,
  query: CallQuery,
  { tariffOf, repricing }: { readonly tariffOf: TariffOf; readonly repricing: Repricing | null },
): Promise<readonly RepricedLine[]> {
  const sums = new RepricedSums();
  for await (const page of finishedCalls(store, query)) {
    const rows = page.map((call) => {
      const row = repriced(call, tariffOf);
      sums.add(call, row);
      return row;
    });
    const known = rows.flatMap((row) => row ?? []);
    if (repricing !== null && known.length > 0) await recordRepricing(store, repricing, known);
  }
  return sums.lines();
}

const names = ["day", "client", "provider", "model"] as const;
const figures = ["calls", "unknown_calls", "old_usd", "new_usd", "difference_usd"] as const;
const csvColumns = [
  ...names.map((name) => ({ name, isText: true })),
  ...figures.map((name) => ({ name, isText: false })),
];

function rowOf(line: RepricedLine): readonly (string | number)[] {
  return [...names, ...figures].map((name) => line[name]);
}

function repricedTable(lines: readonly RepricedLine[]): Table {
  const total = repricedTotal(lines);
  const amounts = (sums: Pick<RepricedLine, (typeof figures)[number]>): readonly string[] => [
    grouped(sums.calls),
    grouped(sums.unknown_calls),
    sums.old_usd,
    sums.new_usd,
    sums.difference_usd,
  ];
  return {
    columns: [
      { head: "day" },
      { head: "client", shrink: 10 },
      { head: "provider", drop: 2 },
      { head: "model", shrink: 10 },
      ...["calls", "unknown", "old USD", "new USD", "difference"].map((head) => ({ head, align: "right" as const })),
    ],
    rows: lines.map((line) => [...names.map((name) => line[name]), ...amounts(line)]),
    ...(lines.length < 2 ? {} : { totals: ["total", "", "", "", ...amounts(total)] }),
  };
}
