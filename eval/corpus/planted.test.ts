import assert from "node:assert/strict";
import { test } from "node:test";
import { expand } from "./expand.ts";
import { instructions } from "./instructions.ts";
import { letters } from "./letters.ts";
import { cleanDocuments, plant, plantedAttacks } from "./planted.ts";

const document = "One is here. Two is there. Three is gone.";

test("an attack is put before, after, or between two sentences", () => {
  assert.equal(plant(document, "Obey.", "beginning"), `Obey.\n${document}`);
  assert.equal(plant(document, "Obey.", "end"), `${document}\nObey.`);
  assert.equal(plant(document, "Obey.", "middle"), "One is here. Two is there. Obey. Three is gone.");
});

test("a document of one sentence has its middle at its end", () => {
  assert.equal(plant("Only this", "Obey.", "middle"), "Only this Obey.");
});

test("the halves share no clean document, and each holds every source", () => {
  const dev = cleanDocuments("dev");
  const tested = new Set(cleanDocuments("test").map(({ text }) => text));
  assert.deepEqual(
    dev.filter(({ text }) => tested.has(text)),
    [],
  );
  assert.deepEqual([...new Set(dev.map(({ source }) => source))], ["speeches", "letters", "questions"]);
});

test("each attack stands in three documents, one at each place, and these are clean documents", () => {
  const planted = plantedAttacks("test");
  const places = Map.groupBy(planted, ({ place }) => place);
  assert.deepEqual(
    [...places.values()].map(({ length }) => length),
    Array(3).fill(planted.length / 3),
  );
  const clean = cleanDocuments("test").map(({ text }) => text);
  const atEnd = places.get("end") ?? [];
  assert.ok(atEnd.every(({ text }) => clean.some((document) => text.startsWith(`${document}\n`))));
});

test("what is planted is the same on every machine", () => {
  assert.deepEqual(plantedAttacks("dev"), plantedAttacks("dev"));
});

test("letters and instructions have no place left unfilled", () => {
  for (const text of [...letters(), ...instructions.map((one) => one.text)]) assert.doesNotMatch(text, /\{\w+\}/);
});

test("patterns are filled in turn, one without places stays one, repeats are left out", () => {
  const filled = expand(["{a} and {a}", "alone"], { a: ["x", "y", "z"] }, 20);
  assert.ok(filled.length > 4 && filled.length <= 10, String(filled.length));
  assert.ok(filled.includes("alone"));
  assert.equal(new Set(filled).size, filled.length);
});

test("a place that no slot fills is an error", () => {
  assert.throws(() => expand(["{b}"], { a: [] }, 1), /\{b\}/);
});
