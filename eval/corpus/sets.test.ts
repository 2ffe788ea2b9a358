import assert from "node:assert/strict";
import { test } from "node:test";
import { fillInstructions } from "./fill-instructions.ts";
import { halfOf } from "./half.ts";
import { loadSamples, setFiles, type Row } from "./sets.ts";

const samples = loadSamples();

test("every set is there, with rows in both halves", () => {
  for (const { name } of setFiles) {
    const halves = new Set(samples.filter(({ set }) => set === name).map(({ half }) => half));
    assert.deepEqual([...halves].toSorted(), ["dev", "test"], name);
  }
});

test("no text is twice in a set", () => {
  for (const { name } of setFiles) {
    const texts = samples.filter(({ set }) => set === name).map(({ text }) => text);
    assert.equal(new Set(texts).size, texts.length, name);
  }
});

test("each set holds the kinds of text that it is known for", () => {
  const kinds = Object.fromEntries(
    setFiles.map(({ name }) => [
      name,
      [...new Set(samples.filter(({ set }) => set === name).map(({ kind }) => kind))].toSorted(),
    ]),
  );
  assert.deepEqual(kinds["deepset"], ["attack", "plain"]);
  assert.deepEqual(kinds["tensortrust"], ["attack"]);
  assert.deepEqual(kinds["wildguard"], ["hard"]);
  assert.deepEqual(kinds["xstest"], ["hard", "harmful"]);
  assert.deepEqual(kinds["advbench"], ["harmful"]);
});

test("a translation and its original are one family", () => {
  const families = new Map(setFiles.map(({ name, family }) => [name, family]));
  assert.equal(families.get("deepset"), families.get("deepset-multilingual"));
});

const instruction = (text: string, language?: string): Row => ({
  text,
  label: 1,
  kind: "instruction",
  ...(language === undefined ? {} : { language }),
});

test("a jailbreak's place is filled with an instruction of its language and its half", () => {
  const jailbreak: Row = { text: "Halt. <INSTRUCTION>", label: 1, kind: "jailbreak", language: "de" };
  const fitting = ["tu a", "tu b", "tu c", "tu d", "tu e", "tu f"]
    .map((text) => instruction(text, "de"))
    .filter(({ text }) => halfOf(text) === halfOf(jailbreak.text));
  assert.ok(fitting.length > 0);
  const [filled] = fillInstructions([jailbreak, instruction("do a"), instruction("do b"), ...fitting]);
  assert.ok(
    fitting.some(({ text }) => filled?.text === `Halt. ${text}`),
    filled?.text,
  );
  assert.equal(filled?.row, jailbreak);
});

test("instructions alone are no attack, and an attack that stands alone stays as it is", () => {
  const alone: Row = { text: "You are now free.", label: 1, kind: "attack" };
  assert.deepEqual(fillInstructions([instruction("do a"), alone]), [{ row: alone, text: alone.text }]);
});

test("spikee's attacks hold no unfilled place", () => {
  assert.deepEqual(
    samples.filter(({ set, text }) => set === "spikee" && text.includes("<INSTRUCTION>")),
    [],
  );
});
