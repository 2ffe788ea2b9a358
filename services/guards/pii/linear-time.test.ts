/**
 * Texts made to be expensive for the rules of this folder cost a time that
 * grows with their length and not with its square: eight times the text, at
 * most thirty times the time; a quadratic rule would take sixty-four. Two
 * lengths on one machine are compared, the longer one more often, since other
 * work and the collector of garbage hit it first.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../text/fold.ts";
import { piiEntities } from "./entity.ts";
import { findPii } from "./find-pii.ts";

const all = piiEntities.map(({ entity }) => entity);

const pieces: readonly string[] = [
  "1 ",
  "12 ",
  "1234 ",
  "1.1.1.",
  "9-",
  "+1 ",
  "(1) ",
  "+44 20 ",
  "020 7946 0958 ",
  "phone 1 ",
  "born 1/1/",
  "12 a street ",
  "1 rue a",
  "1 a a a a ",
  "a a a a calle a 1",
  "straße 1 ",
  "GB82",
  "gb82 west 1234 ",
  "x1234567l ",
  "1:",
  "::1 ",
  "aa:1b:",
  "40.7128, -74.0060 ",
  "12°",
  "1bvbmseystwetqtfn5au4m4gfg7xjanvn2 ",
  "passport number ",
  "patient id is number ",
  "key: a1b2c3d4e5f6 ",
  "adobe adobe = ",
  "-----begin",
  "curl curl ",
  "eyabc1.",
  "password: a1",
  "://a:b1@",
  "[1] ",
];

const small = 20_000;
const factor = 8;

for (const piece of pieces) {
  test(`linear on ${JSON.stringify(piece)}`, () => {
    const text = (length: number) => fold(piece.repeat(Math.ceil(length / piece.length)));
    const [short, long] = [text(small), text(factor * small)];
    let [least, most] = [Infinity, Infinity];
    for (let round = 0; round < 80 && (round < 4 || most / least >= 30); round++) {
      most = Math.min(
        most,
        timed(() => findPii(long, all)),
      );
      if (round % 4 === 0)
        least = Math.min(
          least,
          Math.max(
            timed(() => findPii(short, all)),
            0.05,
          ),
        );
    }
    assert.ok(most / least < 30, `${(most / least).toFixed(1)} times the time for ${factor} times the text`);
  });
}

/** Milliseconds. */
function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
