/** The generator: the same texts for the same seed, labels that lie on their values, every kind, and hard negatives that differ. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { piiEntities } from "../../services/guards/pii/entity.ts";
import { findPii } from "../../services/guards/pii/find-pii.ts";
import { fold } from "../../services/guards/text/fold.ts";
import { generatePii } from "./generate.ts";
import { hardNegatives } from "./values/hard-negatives.ts";

const texts = generatePii(7, 1200);
const all = piiEntities.map(({ entity }) => entity);

test("the same seed gives the same texts, another seed others", () => {
  assert.deepEqual(generatePii(7, 50), texts.slice(0, 50));
  assert.notDeepEqual(generatePii(8, 50), texts.slice(0, 50));
});

test("a quarter are hard negatives, of every kind", () => {
  const negatives = texts.filter(({ spans }) => spans.length === 0);
  assert.equal(negatives.length, 300);
  assert.equal(new Set(negatives.map(({ kind }) => kind)).size, Object.keys(hardNegatives).length);
});

test("every entity of the guard is generated", () => {
  const labelled = new Set(texts.flatMap(({ spans }) => spans.map(({ entity }) => entity)));
  assert.deepEqual([...labelled].toSorted(), all.toSorted());
});

test("phones of eleven countries and cards of thirteen ranges are among many texts", () => {
  const kinds = generatePii(3, 4000).map(({ kind }) => kind);
  assert.equal(new Set(kinds.filter((kind) => kind.startsWith("phone ")).map((kind) => kind.slice(6, 8))).size, 11);
  assert.equal(new Set(kinds.filter((kind) => kind.startsWith("card "))).size, 13);
});

test("a label lies inside its text and on no white space", () => {
  for (const { text, spans } of texts) {
    for (const { start, end } of spans) {
      assert.ok(start >= 0 && end > start && end <= text.length);
      assert.equal(text.slice(start, end).trim(), text.slice(start, end));
    }
  }
});

test("law: what is found and replaced stands nowhere in the text any more, and replacing again changes nothing", () => {
  const replaced = (text: string) => {
    let [out, kept] = ["", 0];
    for (const { start, end } of findPii(fold(text), all)) [out, kept] = [`${out}${text.slice(kept, start)}[X]`, end];
    return out + text.slice(kept);
  };
  for (const { text, spans } of texts) {
    const matches = findPii(fold(text), all);
    const once = replaced(text);
    for (const { start, end } of matches) assert.equal(once.includes(text.slice(start, end)), false, text);
    for (const { start, end } of spans) {
      if (matches.some((match) => match.start <= start && match.end >= end))
        assert.equal(once.includes(text.slice(start, end)), false, text);
    }
    assert.equal(replaced(once), once);
  }
});
