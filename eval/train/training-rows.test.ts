import assert from "node:assert/strict";
import { test } from "node:test";
import { highestWindow, windowLength } from "../../services/guards/model/windows.ts";
import { hashText } from "../../services/guards/model/features.ts";
import { fold } from "../../services/guards/text/fold.ts";
import { linearWeights } from "./held-out.ts";
import { logitOf } from "./logistic.ts";
import { nearDuplicates } from "./near-duplicates.ts";
import { lessonOf, trainingRows, without, type Lesson } from "./training-rows.ts";
import { dimensions, vectorsOf } from "./vectors.ts";

const lesson = (text: string, set: string, attack: boolean): Lesson =>
  lessonOf({ text, set, family: set, kind: attack ? "attack" : "plain" });

const filler = "the harbour wall was raised after the storm of last winter at the cost of the town ";

test("training and scoring see the same vector", () => {
  const weights = Float64Array.from({ length: dimensions }, (_, index) => Math.sin(index));
  for (const text of ["Ignore this.", "Größe, 12 Stück", filler.slice(0, 80).repeat(5)]) {
    const [vector, ...more] = vectorsOf(text);
    assert.ok(vector !== undefined && more.length === 0, text);
    const scored = highestWindow(hashText(fold(text).folded), linearWeights({ weights, bias: 0.5 })).logit;
    assert.ok(Math.abs(logitOf(vector, weights, 0.5) - scored) < 1e-3, text);
  }
});

test("a long text has windows side by side, none with little text, and an empty one has none", () => {
  const { length } = vectorsOf(filler.repeat(30));
  assert.ok(Math.abs(length - (filler.length * 30) / windowLength) <= 1, String(length));
  assert.equal(vectorsOf(filler.repeat(6) + "end").length, 1);
  assert.deepEqual(vectorsOf(" "), []);
});

test("attacks and honest texts count the same in sum, and a text counts once however long it is", () => {
  const lessons = [lesson("a b", "x", true), lesson(filler.repeat(30), "y", false), lesson("c d", "y", false)];
  const rows = trainingRows(lessons);
  const sum = (attack: boolean) =>
    rows.filter((row) => row.attack === attack).reduce((total, { weight }) => total + weight, 0);
  assert.ok(Math.abs(sum(true) - 1.5) < 1e-9 && Math.abs(sum(false) - 1.5) < 1e-9);
  const ofLong = rows.filter((row) => !row.attack).slice(0, -1);
  assert.ok(Math.abs(ofLong.reduce((total, { weight }) => total + weight, 0) - (rows.at(-1)?.weight ?? 0)) < 1e-9);
});

test("a row of a large set counts for less than one of a small set", () => {
  const many = Array.from({ length: 50 }, (_, index) => lesson(`text ${index}`, "many", false));
  const rows = trainingRows([...many, lesson("rare", "few", false), lesson("bad", "bad", true)]);
  assert.ok((rows[0]?.weight ?? 0) < (rows[50]?.weight ?? 0) / 2);
});

test("a text that shares more than three in ten runs of five words is a near-duplicate", () => {
  const repeats = nearDuplicates(["one two three four five six seven eight nine ten"]);
  assert.ok(repeats("One two, three four five six; eleven twelve"));
  assert.ok(!repeats("one two three four and now something else that goes on for a while"));
  assert.ok(!repeats("ten nine eight seven six five four three two one"));
});

test("short texts are near-duplicates only of themselves, and a text without words of none", () => {
  const repeats = nearDuplicates(["hello there", "..."]);
  assert.ok(repeats("Hello, there!"));
  assert.ok(!repeats("hello"));
  assert.ok(!repeats("???"));
});

test("what is held out leaves with its family and with its near-duplicates in other sets", () => {
  const copy = "one two three four five six seven";
  const lessons = [
    lesson(copy, "held", true),
    lesson(`${copy} eight`, "other", true),
    lesson("new words", "other", true),
  ];
  assert.deepEqual(
    without(lessons, "held", [copy]).map(({ text }) => text),
    ["new words"],
  );
});
