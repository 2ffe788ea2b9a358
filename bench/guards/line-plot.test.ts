import assert from "node:assert/strict";
import { test } from "node:test";
import { drawLines } from "./line-plot.ts";

test("a line goes from its first point to its last, on axes from zero to a round number", () => {
  const svg = drawLines({
    title: "t",
    x: "kB",
    y: "ms",
    lines: [
      {
        name: "a guard",
        points: [
          { x: 0, y: 0 },
          { x: 100, y: 150 },
        ],
      },
    ],
  });
  assert.match(svg, /<polyline points="70\.0,370\.0 550\.0,122\.5"/);
  assert.match(svg, />200<\/text>/);
  assert.match(svg, />a guard<\/text>/);
  assert.equal(svg.match(/<text/g)?.length, svg.match(/<\/text>/g)?.length);
});
