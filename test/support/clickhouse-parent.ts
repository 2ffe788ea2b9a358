/**
 * A process that starts a ClickHouse on the folder it is given, tells its pid
 * to its own parent, and waits to be killed.
 */
import { startClickHouse } from "../../infra/embedded/clickhouse/start-clickhouse.ts";

const { pid } = await startClickHouse({ dataDir: process.argv[2] ?? "" });
process.send?.({ pid });
