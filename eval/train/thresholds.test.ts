import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBlock } from "../../services/guards/model/decode-weights.ts";
import { blockSize } from "../../services/guards/model/features.ts";
import type { Sample } from "../corpus/sets.ts";
import type { HeldOutScore } from "./held-out.ts";
import { packed, weightsFile } from "./pack-weights.ts";
import { thresholdsOf } from "./thresholds.ts";

const scored = (logit: number, sample: Partial<Sample> = {}): HeldOutScore => ({
  logit,
  sample: { text: "", kind: "plain", half: "dev", set: "oasst", family: "oasst", ...sample },
});
const plain = Array.from({ length: 200 }, (_, index) => scored(index / 100));

test("one honest prompt in a hundred is above the flag", () => {
  const { flagAt } = thresholdsOf(plain);
  assert.equal(plain.filter(({ logit }) => logit > flagAt).length, 2);
});

test("the block is half a logit above the highest honest text, hard ones and those of applications included", () => {
  assert.equal(thresholdsOf([...plain, scored(3, { kind: "hard", set: "wildguard" })]).blockAt, 3.5);
  const { flagAt, blockAt } = thresholdsOf([...plain, scored(4, { set: "application-prompts" })]);
  assert.deepEqual([flagAt, blockAt], [thresholdsOf(plain).flagAt, 4.5]);
});

test("the test half, attacks and harmful texts have no say", () => {
  const others = [{ half: "test" }, { kind: "attack" }, { kind: "harmful" }] as const;
  assert.deepEqual(thresholdsOf([...plain, ...others.map((other) => scored(9, other))]), thresholdsOf(plain));
});

test("without honest texts there is no threshold", () => {
  assert.throws(() => thresholdsOf([]), /no honest texts/);
});

test("packed weights come back within half a step, the largest as it was", () => {
  const weights = Float64Array.from({ length: blockSize }, (_, index) => Math.sin(index) * 2);
  const { steps, step } = decodeBlock(packed(weights));
  weights.forEach((weight, index) => assert.ok(Math.abs(weight - (steps[index] ?? 0) * step) <= step * 0.5001));
  assert.equal(Math.max(...steps.map(Math.abs)), 127);
});

test("weights that are all zero can be packed", () => {
  assert.deepEqual(decodeBlock(packed(new Float64Array(blockSize))).steps, new Int8Array(blockSize));
});

test("the version changes with what the file holds, and only then", () => {
  const solution = { weights: new Float64Array(2 * blockSize).fill(1), bias: -1 };
  const versionOf = (blockAt: number) => /version: "(\w+)"/.exec(weightsFile(solution, { flagAt: 2, blockAt }))?.[1];
  assert.equal(versionOf(5), versionOf(5));
  assert.notEqual(versionOf(5), versionOf(6));
});
