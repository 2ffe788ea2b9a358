/**
 * What cost-aggregate reads from the environment beside what every stage reads:
 * where the ledger is.
 */
import type { ClickHouseSettings } from "../ledger/clickhouse.ts";
import type { Config } from "../runtime/config.ts";
import type { VariableName } from "../runtime/variables.ts";

export const ledgerVariables = [
  "CLICKHOUSE_URL",
  "CLICKHOUSE_USER",
  "CLICKHOUSE_PASSWORD",
  "CLICKHOUSE_DATABASE",
] as const satisfies readonly VariableName[];

export function clickHouseSettings(config: Pick<Config, (typeof ledgerVariables)[number]>): ClickHouseSettings {
  return {
    url: config.CLICKHOUSE_URL,
    user: config.CLICKHOUSE_USER,
    password: config.CLICKHOUSE_PASSWORD,
    database: config.CLICKHOUSE_DATABASE,
  };
}
