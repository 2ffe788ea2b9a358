/** The table of negotiated prices as a process follows it: read at the start, changed while it runs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PriceRecord } from "../../../schemas/control/price.ts";
import { MemoryLog } from "../../../test/pipeline/memory-log.ts";
import { priceRecordOf } from "../../../test/support/negotiated.ts";
import { silentLogger } from "../../../test/support/silent-logger.ts";
import { openPrices, openTariffs } from "./open-prices.ts";

const call = { provider: "openai", model: "gpt-4o", atMs: Date.UTC(2026, 10, 22) };
const agreed = priceRecordOf({ provider: "openai", model: "gpt-4o", input: "2", output: "8" });

function opened() {
  const log = new MemoryLog(1);
  const closers: (() => Promise<void> | void)[] = [];
  const surroundings = {
    reader: log,
    logger: silentLogger,
    onClose: (_name: string, close: () => Promise<void> | void) => void closers.push(close),
  };
  const write = (key: string, value: PriceRecord | null): void =>
    void log.append({
      topic: "harness-prices",
      key,
      value: value === null ? null : Buffer.from(JSON.stringify(value)),
      headers: {},
    });
  return {
    surroundings,
    write,
    close: async () => {
      for (const close of closers) await close();
    },
  };
}

test("what was set before is there from the start, what is set later holds from then on, until it is unset", async () => {
  const { surroundings, write, close } = opened();
  write(agreed.price_id, agreed);
  const prices = await openPrices(surroundings);
  const priceNow = (): string | undefined => prices.find(call)?.input?.base.toString();
  assert.equal(priceNow(), "2");
  write(agreed.price_id, { ...agreed, per_million: { input: "1.5", output: "8" } });
  await settled(() => priceNow() === "1.5");
  write(agreed.price_id, null);
  await settled(() => priceNow() === undefined);
  await close();
});

test("a record under another key, or for a pattern that is none, is ignored", async () => {
  const { surroundings, write, close } = opened();
  write("another key", agreed);
  write(agreed.price_id, { ...agreed, model: "gpt * 4" });
  assert.deepEqual((await openPrices(surroundings)).records(), []);
  await close();
});

test("a provider is priced by its name in the table, and by the account it is", async () => {
  const { surroundings, write, close } = opened();
  const eu = priceRecordOf({ provider: "openai", model: "gpt-4o", account: "openai-eu", input: "3", output: "9" });
  write(eu.price_id, eu);
  const tariffOf = await openTariffs(surroundings, { pricedAs: () => "openai" });
  const inputOf = (account: string): string | undefined => {
    const { negotiated, ...tariff } = tariffOf(account);
    return negotiated?.find({ ...tariff, model: "gpt-4o", atMs: call.atMs })?.input?.base.toString();
  };
  assert.deepEqual([inputOf("openai-eu"), inputOf("openai")], ["3", undefined]);
  await close();
});

async function settled(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
