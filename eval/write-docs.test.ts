import assert from "node:assert/strict";
import { test } from "node:test";
import { withTables } from "./write-docs.ts";

const page = "before\n<!-- measured: time -->\n| old |\n<!-- end -->\nafter\n";

test("a table takes the place of the one before, and what stands around it stays", () => {
  const written = withTables(page, { time: "| new |\n" });
  assert.equal(written, "before\n<!-- measured: time -->\n| new |\n<!-- end -->\nafter\n");
  assert.equal(withTables(written, { time: "| new |\n" }), written);
});

test("an empty place is filled, and each place gets its own table", () => {
  const two = "<!-- measured: a -->\n<!-- end -->\n<!-- measured: b-c -->\n<!-- end -->";
  const written = withTables(two, { a: "1\n", "b-c": "2\n" });
  assert.equal(written, "<!-- measured: a -->\n1\n<!-- end -->\n<!-- measured: b-c -->\n2\n<!-- end -->");
});

test("a place for a table that was not measured is an error", () => {
  assert.throws(() => withTables(page, {}), /no table time/);
});

test("a dollar in a table is no reference", () => {
  assert.match(withTables(page, { time: "| $& |\n" }), /\| \$& \|/);
});

test("of a part of the tables, the others' places stay as they are", () => {
  const two = "<!-- measured: a -->\nold\n<!-- end -->\n<!-- measured: output-b -->\nold\n<!-- end -->";
  assert.equal(
    withTables(two, { "output-b": "new\n" }, "output-"),
    "<!-- measured: a -->\nold\n<!-- end -->\n<!-- measured: output-b -->\nnew\n<!-- end -->",
  );
});
