import assert from "node:assert/strict";
import { test } from "node:test";
import { traceIn } from "./run-trace.ts";

const id = "4bf92f3577b34da6a3ce929d0e0e4736";
const span = "00f067aa0ba902b7";
const template = "https://traces.example/trace/{trace_id}?tab=1";

for (const [name, traceparent, url] of [
  ["a recorded trace is linked", `00-${id}-${span}-01`, `https://traces.example/trace/${id}?tab=1`],
  ["other flags beside do not matter", `00-${id}-${span}-03`, `https://traces.example/trace/${id}?tab=1`],
  ["what a later version adds does not either", `01-${id}-${span}-01-more`, `https://traces.example/trace/${id}?tab=1`],
  ["one that was not recorded is not", `00-${id}-${span}-00`, undefined],
  ["an empty id is none", `00-${"0".repeat(32)}-${span}-01`, undefined],
  ["other text is none", `javascript:alert(1)-${id}`, undefined],
  ["no header is none", undefined, undefined],
] as const) {
  test(name, () => {
    const headers: Record<string, string> = traceparent === undefined ? {} : { traceparent };
    assert.equal(traceIn(headers, template)?.url, url);
  });
}

test("without a template the id alone is told", () => {
  assert.deepEqual(traceIn({ traceparent: `00-${id}-${span}-01` }, undefined), { trace_id: id });
});
