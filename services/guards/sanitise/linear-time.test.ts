/**
 * Hostile texts cost sanitising a time that grows with their length and not with
 * its square, for every destination: eight times the text takes at most thirty-five
 * times as long (a square would be 64), the best of several rounds each.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { destination as destinations } from "../../../schemas/control/harness-definition.ts";
import { sanitise } from "./sanitise.ts";

const pieces = [
  ...'[ ![ ![a]( ]( ](a ]((( [a]: ]: ` `a ``a ~~~ $ $`$` [`]` \\ \\[ <a < <https://a <a.a a@ https://a` - | " "\\u0041" \\" & a'.split(
    " ",
  ),
  ..."> |> > ```\n|\n    a|x\n    ```\n|```\n```\n|[a]: b\n|[a\n|`a\nb` |]: a|- - |1. | ".split("|"),
  ..."\x1b] \x9d \x1b[0 \x1bPa \x1b \r \0 \u200d \u200b 👩\u200d א\u200f \ud800 \u{e0067} 🏴".split(" "),
];

const small = 40_000;
const factor = 8;
const most = 35;

for (const destination of destinations.options) {
  test(`${destination}: linear on hostile texts`, () => {
    for (const piece of pieces) {
      const ratio = leastRatio(piece, (text) => sanitise(text, destination));
      assert.ok(
        ratio < most,
        `${JSON.stringify(piece)}: ${ratio.toFixed(1)} times the time for ${factor} times the text`,
      );
    }
  });
}

function leastRatio(piece: string, run: (text: string) => unknown): number {
  const short = piece.repeat(Math.ceil(small / piece.length));
  const long = piece.repeat(Math.ceil((factor * small) / piece.length));
  let onShort = Infinity;
  let onLong = Infinity;
  for (let tries = 0; tries < 40 && !(onLong / onShort < most); tries++) {
    onShort = Math.min(
      onShort,
      Math.max(
        timed(() => run(short)),
        0.5,
      ),
    );
    onLong = Math.min(
      onLong,
      timed(() => run(long)),
    );
  }
  return onLong / onShort;
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
