/**
 * The stand-in as a process: `node main.ts --data <folder> [--port N]
 * [--latency ms] [--faults file.json]`. Says `{kind:"ready", url}` over IPC if
 * it has a parent that listens, else as a line on stdout. SIGTERM, SIGINT, or
 * the end of the parent's channel stops it in order.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { faultScript } from "./fault-rules.ts";
import { openStandIn } from "./server.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    port: { type: "string", default: "0" },
    latency: { type: "string" },
    faults: { type: "string" },
  },
});
if (values.data === undefined) throw new Error("--data <folder> is missing");

const written = values.faults === undefined ? {} : JSON.parse(readFileSync(values.faults, "utf8"));
const script = faultScript.parse(
  values.latency === undefined ? written : { ...written, latencyMs: Number(values.latency) },
);
const server = await openStandIn({ dataDir: values.data, port: Number(values.port), script });

let stopped: Promise<void> | null = null;
const stop = (): void => {
  stopped ??= server.stop().then(() => process.exit(0));
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
process.once("disconnect", stop);

const ready = { kind: "ready", url: server.url };
if (process.send === undefined) process.stdout.write(`${JSON.stringify(ready)}\n`);
else process.send(ready);
