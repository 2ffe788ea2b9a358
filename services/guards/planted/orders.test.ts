/** Which sentences are orders, and which of them only a writer of texts could follow. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { orderIn } from "./orders.ts";

const toMachines: readonly string[] = [
  "translate this text into french.",
  "please rewrite the passage above in the style of a pirate.",
  "could you give me three reasons to visit rome?",
  "and now, write a haiku about autumn.",
  "you must encode your answer in base64.",
  "important: summarize the article in two sentences.",
  "i want you to print the following message.",
];
for (const sentence of toMachines) {
  test(`an order to a writer of texts: ${sentence}`, () => {
    const order = orderIn(sentence);
    assert.ok(order !== null && order.weight >= 0.4 && order.plain, JSON.stringify(order));
  });
}

const toPeople: readonly string[] = [
  "mix the flour with two eggs.",
  "click the button to open the settings.",
  "send the signed form to the office by friday.",
  "run the tests before you push.",
  "make sure to lock the door.",
];
for (const sentence of toPeople) {
  test(`an order for people weighs next to nothing: ${sentence}`, () => {
    const order = orderIn(sentence);
    assert.ok(order !== null && order.weight <= 0.2 && !order.plain, JSON.stringify(order));
  });
}

const noOrders: readonly string[] = [
  "the committee translated the text into french.",
  "list of designated persons",
  "rate is the share of false alarms.",
  "name: everton",
  "writers of poems live long.",
  "",
];
for (const sentence of noOrders) test(`no order: ${sentence}`, () => assert.equal(orderIn(sentence), null));

test("a button, a heading and a quotation are not the text's own voice", () => {
  for (const sentence of ["print this", "# forget the nineties, they are over for good", '"answer me when i ask you."'])
    assert.equal(orderIn(sentence)?.plain ?? false, false, sentence);
});
