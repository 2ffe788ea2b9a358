import assert from "node:assert/strict";
import { test } from "node:test";
import { drawWaterfall, type DrawnSpan } from "./waterfall.ts";

function span(spanId: string, parentSpanId: string | undefined, changes: Partial<DrawnSpan> = {}): DrawnSpan {
  const times = { startTimeUnixNano: 1_000_000_000n, endTimeUnixNano: 1_500_000_000n };
  const plain = { name: spanId, service: "gateway", attributes: {}, status: { code: 0 } };
  return { spanId, parentSpanId, ...plain, ...times, ...changes };
}

const words = (picture: string): readonly string[] =>
  [...picture.matchAll(/<text x="([\d.]+)"[^>]*>([^<]*)<\/text>/g)].map(([, x, text]) => `${Number(x)} ${text}`);

test("a line a span, below its parent and indented, in the order of their beginning", () => {
  const drawn = drawWaterfall([
    span("late", "root", { startTimeUnixNano: 1_300_000_000n }),
    span("child", "early"),
    span("root", "elsewhere"),
    span("early", "root", { startTimeUnixNano: 1_100_000_000n, service: "input-scan" }),
  ]);
  const names = words(drawn).filter((text) => / (?:root|early|child|late)$/.test(text));
  assert.deepEqual(names, ["10 root", "24 early", "38 child", "24 late"]);
  assert.ok(words(drawn).includes("28 gateway"));
});

test("what failed and why a call was made are told; a guard is a moment and has no length", () => {
  const attributes = { "breakwater.call.role": "fallback" };
  const drawn = drawWaterfall([
    span("chat a<b", undefined, { attributes, status: { code: 2 } }),
    span("guard pii", "chat a<b", { attributes: { "breakwater.verdict": "passed" } }),
  ]);
  const texts = words(drawn).map((text) => text.replace(/^\S+ /, ""));
  assert.ok(texts.includes("chat a&lt;b (fallback), failed"));
  assert.ok(texts.includes("guard pii (passed)"));
  assert.deepEqual(
    texts.filter((text) => text === "500 ms"),
    ["500 ms", "500 ms"],
    "the end of the scale, and the one span that has a length",
  );
});
