import assert from "node:assert/strict";
import { test } from "node:test";
import * as published from "@opentelemetry/semantic-conventions/incubating";
import { attributes, contentAttributes, gatewayAttributes, gatewayMetricNames, metricNames } from "./names.ts";

const known: ReadonlySet<unknown> = new Set(Object.values(published));

test("every name that is not ours is one of the published conventions", () => {
  const names = [attributes, contentAttributes, gatewayAttributes, metricNames, gatewayMetricNames].flatMap((all) =>
    Object.values(all),
  );
  // With its unit, as this exporter appends none.
  const plain = names.map((name) => (name === "http.server.request.duration.seconds" ? name.slice(0, -8) : name));
  assert.deepEqual(
    plain.filter((name) => !name.startsWith("breakwater.") && !known.has(name)),
    [],
  );
});

test("no attribute is one that the conventions give to content, but those that a harness has to ask for", () => {
  const content = /messages|prompt|completion|system_instructions|tool\.definitions|query\.text|body|arguments/;
  assert.deepEqual(
    Object.values(attributes).filter((name) => content.test(name)),
    [],
  );
});
