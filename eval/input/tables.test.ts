import assert from "node:assert/strict";
import { test } from "node:test";
import { figuresOf, share, type Figure } from "./figure.ts";
import type { Signals } from "./open-guards.ts";
import { accuracyTables, asMarkdown, asText, percent } from "./tables.ts";

const none: Signals = {
  signatureBlock: false,
  signatureFlag: false,
  modelBlock: false,
  modelFlag: false,
  plantedBlock: false,
  plantedFlag: false,
  block: false,
  flag: false,
};

test("a figure is the share of the group that a signal picked out", () => {
  const found = [none, { ...none, flag: true }, { ...none, flag: true, block: true }, none];
  const figures = figuresOf("injection/attack/x", found, { attack: true, of: ["block", "flag"] });
  assert.deepEqual(figures, [
    { name: "injection/attack/x/block", value: 0.25, size: 4, better: "higher" },
    { name: "injection/attack/x/flag", value: 0.5, size: 4, better: "higher" },
  ]);
});

test("of honest texts, fewer is better, and of no texts none were found", () => {
  const [figure] = figuresOf("g", [], { attack: false, of: ["flag"] });
  assert.deepEqual([figure?.better, figure?.value], ["lower", 0]);
  assert.equal(share(1, 4), 0.25);
});

test("a share is told as a percentage with one place", () => {
  assert.deepEqual([percent(0.12345), percent(1), percent(0)], [12.3, 100, 0]);
});

const figures: readonly Figure[] = [
  { name: "pii/generated/card/recall", value: 0.5, size: 10, better: "higher" },
  { name: "pii/generated/card/precision", value: 1, size: 5, better: "higher" },
  { name: "pii/hard-negatives/redacted", value: 0.01, size: 100, better: "lower" },
  { name: "evasion/leet/kept", value: 1, size: 7, better: "higher" },
];

test("figures of one group make one row, with an empty cell for what was not measured", () => {
  const { pii, evasion, injection } = accuracyTables(figures);
  assert.deepEqual(pii.rows, [
    ["generated", "card", 10, 50, 100, ""],
    ["hard-negatives", "", 100, "", "", 1],
  ]);
  assert.deepEqual(evasion.rows, [["leet", 7, "", 100, ""]]);
  assert.deepEqual(injection.rows, []);
});

test("columns are named in words", () => {
  assert.ok(accuracyTables([]).injection.head.includes("signature block"));
});

const small = { title: "T", head: ["name", "n"], rows: [["a", 5] as const, ["long", 12] as const] };

test("as text, words stand to the left and numbers to the right", () => {
  assert.equal(asText(small), "T\n\nname   n\n----  --\na      5\nlong  12\n");
});

test("in Markdown, columns of numbers are set to the right", () => {
  assert.equal(asMarkdown(small), "| name | n |\n|---|---:|\n| a | 5 |\n| long | 12 |\n");
});
