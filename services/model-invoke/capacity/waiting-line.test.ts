import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { inRow, WaitingLine, type Waiter } from "./waiting-line.ts";

/** A call by its letter: the client; upper case: of a batch. */
const callOf = (letter: string): Waiter => ({
  client: letter.toLowerCase(),
  batch: letter !== letter.toLowerCase(),
  tokens: 10,
});
const letterOf = ({ client, batch }: Waiter): string => (batch ? client.toUpperCase() : client);

function inLine(letters: string): WaitingLine<Waiter> {
  const line = new WaitingLine<Waiter>();
  for (const letter of letters) line.add(callOf(letter));
  return line;
}

function gone(line: WaitingLine<Waiter>): string {
  let order = "";
  for (let call = line.next(); call !== undefined; call = line.next()) {
    line.go(call);
    order += letterOf(call);
  }
  return order;
}

const orders = [
  ["of one client, first come, first served", "aaa", "aaa"],
  ["clients take turns", "aaaabbc", "abcabaa"],
  ["an interactive call goes before a batch that came first", "AAAAb", "bAAAA"],
  ["one of a batch goes after eight in a row", `AA${"b".repeat(18)}`, "bbbbbbbbAbbbbbbbbAbb"],
  ["clients of batches take turns too", "AAABB", "ABABA"],
] as const;

for (const [what, come, order] of orders) test(what, () => assert.equal(gone(inLine(come)), order));

test("who gives up leaves no trace, and is not in line twice", () => {
  const line = inLine("ab");
  const first = line.next() ?? assert.fail("nobody");
  assert.deepEqual([line.leave(first), line.leave(first), line.size, line.tokens], [true, false, 1, 10]);
  assert.equal(gone(line), "b");
  assert.deepEqual([line.size, line.tokens], [0, 0]);
});

const ahead = [
  ["nobody", "", "a", 0],
  ["its own client's calls", "aaa", "a", 3],
  ["one of each other client for each of its own", "abbbc", "a", 4],
  ["one of a batch of thousands", "A".repeat(3000), "b", 1],
  ["for a batch, the interactive ones and its own", "AAbbbb", "A", 6],
  ["for a batch, eight interactive ones for each of a batch", `A${"b".repeat(100)}`, "A", 17],
] as const;

for (const [who, letters, comes, count] of ahead) {
  test(`before a call that comes go: ${who}`, () => {
    const line = inLine(letters);
    assert.equal(line.ahead(callOf(comes)), count);
  });
}

const anyLine = fc.string({ unit: fc.constantFrom("a", "b", "c", "A", "B", "C"), maxLength: 60 });

test("law: everybody goes once; a batch that waits goes after eight at most; an interactive call after one of a batch", () => {
  fc.assert(
    fc.property(anyLine, (letters) => {
      const order = gone(inLine(letters));
      assert.deepEqual(order.split("").toSorted(), letters.split("").toSorted());
      const lastOfBatch = order.search(/[A-Z][a-z]*$/);
      assert.doesNotMatch(order.slice(0, lastOfBatch), new RegExp(`[a-z]{${inRow + 1}}`));
      assert.doesNotMatch(order, /[A-Z]{2,}[a-z]/);
    }),
  );
});

test("law: who comes last into a line goes no later than was said", () => {
  fc.assert(
    fc.property(anyLine, fc.constantFrom("a", "b", "c", "A", "B", "C"), (letters, comes) => {
      const line = inLine(letters);
      const said = line.ahead(callOf(comes));
      const last = callOf(comes);
      line.add(last);
      let before = 0;
      for (let call = line.next(); call !== last && call !== undefined; call = line.next()) {
        line.go(call);
        before += 1;
      }
      assert.ok(before <= said, `${before} went before, ${said} were said`);
    }),
  );
});
