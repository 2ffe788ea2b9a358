/**
 * Logistic regression with a quadratic penalty, solved to its optimum by
 * L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.4) with a
 * backtracking line search. No randomness: the same rows give the same weights.
 */
import type { Vector } from "./vectors.ts";
import { dimensions } from "./vectors.ts";

export interface TrainingRow {
  readonly vector: Vector;
  readonly attack: boolean;
  /** What the row counts for in the loss. */
  readonly weight: number;
}

export interface Solution {
  readonly weights: Float64Array;
  readonly bias: number;
}

export interface Settings {
  /** Greater fits the rows more closely. */
  readonly cost: number;
  readonly iterations: number;
}

/** Minimises the weighted logistic loss times `cost` plus half the squared weights; the bias is free. */
export function solve(rows: readonly TrainingRow[], { cost, iterations }: Settings): Solution {
  let point = new Float64Array(dimensions + 1);
  let now = lossAt(rows, point, cost);
  const history: Step[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const direction = descent(now.gradient, history);
    const next = search(rows, cost, { point, direction, now });
    if (next === null) break;
    const moved = combine(next.point, point, -1);
    const turned = combine(next.loss.gradient, now.gradient, -1);
    const curvature = dot(moved, turned);
    if (curvature > 1e-12) history.push({ moved, turned, curvature });
    if (history.length > remembered) history.shift();
    const gained = now.value - next.loss.value;
    ({ point, loss: now } = next);
    if (gained < tolerance * now.value) break;
  }
  return { weights: point.slice(0, dimensions), bias: point[dimensions] ?? 0 };
}

const remembered = 10;
const tolerance = 1e-6;

interface Step {
  readonly moved: Float64Array;
  readonly turned: Float64Array;
  readonly curvature: number;
}

interface Loss {
  readonly value: number;
  readonly gradient: Float64Array;
}

export function logitOf({ places, values }: Vector, point: Float64Array, bias: number): number {
  let sum = bias;
  for (let index = 0; index < places.length; index++) sum += (point[places[index] ?? 0] ?? 0) * (values[index] ?? 0);
  return sum;
}

function lossAt(rows: readonly TrainingRow[], point: Float64Array, cost: number): Loss {
  const gradient = point.slice();
  gradient[dimensions] = 0;
  const bias = point[dimensions] ?? 0;
  let value = (dot(point, point) - bias * bias) / 2;
  for (const { vector, attack, weight } of rows) {
    const margin = attack ? logitOf(vector, point, bias) : -logitOf(vector, point, bias);
    const missed = 1 / (1 + Math.exp(margin));
    value += cost * weight * (margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin);
    const slope = (attack ? -missed : missed) * cost * weight;
    const { places, values } = vector;
    for (let index = 0; index < places.length; index++) {
      const place = places[index] ?? 0;
      gradient[place] = (gradient[place] ?? 0) + slope * (values[index] ?? 0);
    }
    gradient[dimensions] = (gradient[dimensions] ?? 0) + slope;
  }
  return { value, gradient };
}

/** The direction of the quasi-Newton step: two loops over the remembered steps. */
function descent(gradient: Float64Array, history: readonly Step[]): Float64Array {
  let direction = gradient.map((slope) => -slope);
  const shares: number[] = [];
  for (const { moved, turned, curvature } of history.toReversed()) {
    const share = dot(moved, direction) / curvature;
    shares.unshift(share);
    direction = combine(direction, turned, -share);
  }
  const last = history.at(-1);
  if (last !== undefined) {
    const scale = last.curvature / dot(last.turned, last.turned);
    direction = direction.map((part) => part * scale);
  }
  history.forEach(({ moved, turned, curvature }, index) => {
    direction = combine(direction, moved, (shares[index] ?? 0) - dot(turned, direction) / curvature);
  });
  return direction;
}

interface Position {
  readonly point: Float64Array;
  readonly direction: Float64Array;
  readonly now: Loss;
}

/** The first point on the way that lessens the loss enough (Armijo's rule); null when there is none. */
function search(
  rows: readonly TrainingRow[],
  cost: number,
  { point, direction, now }: Position,
): { readonly point: Float64Array<ArrayBuffer>; readonly loss: Loss } | null {
  const slope = dot(now.gradient, direction);
  if (slope >= 0) return null;
  for (let step = 1; step > 1e-10; step /= 2) {
    const there = combine(point, direction, step);
    const loss = lossAt(rows, there, cost);
    if (loss.value <= now.value + 1e-4 * step * slope) return { point: there, loss };
  }
  return null;
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
}

/** `left + share * right`. */
function combine(left: Float64Array, right: Float64Array, share: number): Float64Array<ArrayBuffer> {
  const sum = new Float64Array(left.length);
  for (let index = 0; index < sum.length; index++) sum[index] = (left[index] ?? 0) + share * (right[index] ?? 0);
  return sum;
}
