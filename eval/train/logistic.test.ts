import assert from "node:assert/strict";
import { test } from "node:test";
import { logitOf, solve, type TrainingRow } from "./logistic.ts";
import { dimensions } from "./vectors.ts";

const settings = { cost: 3, iterations: 100 };

function row(places: readonly number[], attack: boolean, weight = 1): TrainingRow {
  return { vector: { places: Uint16Array.from(places), values: Float32Array.from(places, () => 1) }, attack, weight };
}

const rows = [row([1, 5], true), row([1, 6], true), row([2, 5], false), row([2, 6], false)];

test("what tells the classes apart gets the weight, with its sign; what does not, none", () => {
  const { weights } = solve(rows, settings);
  assert.ok((weights[1] ?? 0) > 0.5 && (weights[2] ?? 0) < -0.5, `${weights[1]} ${weights[2]}`);
  assert.ok(Math.abs(weights[5] ?? 1) < 1e-6 && Math.abs(weights[6] ?? 1) < 1e-6);
  assert.equal(weights[7], 0);
});

test("each row ends on its side", () => {
  const { weights, bias } = solve(rows, settings);
  for (const { vector, attack } of rows) assert.equal(logitOf(vector, weights, bias) > 0, attack);
});

test("the optimum is one: at it the loss has no slope", () => {
  const { weights, bias } = solve(rows, { cost: 3, iterations: 500 });
  const slope = rows.reduce((sum, { vector, attack }) => {
    const share = 1 / (1 + Math.exp(-logitOf(vector, weights, bias)));
    return sum + (vector.places[0] === 1 ? 3 * (share - (attack ? 1 : 0)) : 0);
  }, weights[1] ?? 0);
  assert.ok(Math.abs(slope) < 1e-2, String(slope));
});

test("the same rows give the same weights to the last bit", () => {
  assert.deepEqual(solve(rows, settings), solve(rows, settings));
});

test("a higher cost fits more closely", () => {
  const gentle = solve(rows, { ...settings, cost: 0.1 });
  const close = solve(rows, { ...settings, cost: 10 });
  assert.ok((close.weights[1] ?? 0) > (gentle.weights[1] ?? 0));
});

test("a row that counts more moves the line to its side", () => {
  const twisted = [row([1], true), row([1], false, 3)];
  const { weights, bias } = solve(twisted, settings);
  assert.ok(logitOf(row([1], true).vector, weights, bias) < 0);
});

test("the bias is no weight: a lopsided set without features is met by it alone", () => {
  const { weights, bias } = solve([row([], true), row([], true), row([], true), row([], false)], settings);
  assert.ok(Math.abs(bias - Math.log(3)) < 0.05, String(bias));
  assert.equal(weights.length, dimensions);
});
