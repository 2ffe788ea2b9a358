/**
 * Loaded before a stage's main.ts (`node --import`): watches the shell's
 * producer, its commits and the process's HTTP requests from outside, and sends
 * this process the ordered signal at the ordered moment. The order is read from
 * the file in FAULT_ORDER_FILE whenever a moment comes, so it can be given while
 * the process runs; that it was carried out is written to `<file>.fired` first.
 * The product knows nothing of it.
 */
import diagnostics from "node:diagnostics_channel";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { Committer } from "../../services/runtime/consumer/committer.ts";
import { RecordProducer } from "../../services/runtime/kafka/producer.ts";
import type { Emission } from "../../services/runtime/stage.ts";
import { hit, type Moment } from "./moments.ts";

const orderFile = process.env["FAULT_ORDER_FILE"] ?? "";
let read = "";
let seen = 0;
let done = false;

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Hits this process when `matches` says that the ordered moment is now, for the ordered time. */
function pass(matches: (wanted: Moment) => boolean): void {
  const text = textOf(orderFile);
  if (text === "") return;
  if (text !== read) {
    read = text;
    seen = 0;
    done = false;
  }
  const order = hit.parse(JSON.parse(text));
  if (done || !matches(order.moment)) return;
  seen += 1;
  if (seen < order.nth) return;
  done = true;
  // Whoever looks for the note finds all of it.
  writeFileSync(`${orderFile}.firing`, JSON.stringify({ atMs: Date.now() }));
  renameSync(`${orderFile}.firing`, `${orderFile}.fired`);
  process.kill(process.pid, order.signal);
}

function passRecords(kind: "publishing" | "published", emissions: readonly Emission[]): void {
  const isOne = (wanted: Moment): boolean =>
    wanted.kind === kind &&
    emissions.some(({ topic, type }) => topic === wanted.topic && type === (wanted.type ?? type));
  pass(isOne);
}

// oxlint-disable-next-line typescript/unbound-method -- called with its own `this`
const { publish } = RecordProducer.prototype;
RecordProducer.prototype.publish = async function (emissions, options) {
  passRecords("publishing", emissions);
  const acks = await publish.call(this, emissions, options);
  passRecords("published", emissions);
  return acks;
};

// oxlint-disable-next-line typescript/unbound-method -- called with its own `this`
const { use } = Committer.prototype;
Committer.prototype.use = function (send) {
  use.call(this, async (offsets) => {
    const sent = send(offsets);
    // By then it is written to the socket.
    setImmediate(() => pass(({ kind }) => kind === "committing"));
    await sent;
  });
};

const exchange = z.object({ request: z.object({ path: z.string() }) });
for (const [channel, kind] of [
  ["http.client.request.start", "requested"],
  ["http.client.response.finish", "answered"],
] as const) {
  diagnostics.subscribe(channel, (message) => {
    const { path } = exchange.parse(message).request;
    pass((wanted) => wanted.kind === kind && path.includes(wanted.path));
  });
}
