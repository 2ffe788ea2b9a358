/** Where the ledger is: the settings of everything that opens it. */
import type { Config } from "../runtime/config.ts";
import type { VariableName } from "../runtime/variables.ts";
import type { ClickHouseSettings } from "./clickhouse.ts";

export const ledgerVariables = [
  "CLICKHOUSE_URL",
  "CLICKHOUSE_USER",
  "CLICKHOUSE_PASSWORD",
  "CLICKHOUSE_DATABASE",
] as const satisfies readonly VariableName[];

export function ledgerSettings(config: Pick<Config, (typeof ledgerVariables)[number]>): ClickHouseSettings {
  return {
    url: config.CLICKHOUSE_URL,
    user: config.CLICKHOUSE_USER,
    password: config.CLICKHOUSE_PASSWORD,
    database: config.CLICKHOUSE_DATABASE,
  };
}
