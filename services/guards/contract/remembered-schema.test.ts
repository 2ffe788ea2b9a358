import assert from "node:assert/strict";
import { test } from "node:test";
import { compileContract } from "../contract.ts";
import { rememberedSchema } from "./remembered-schema.ts";

const numbered = (number: number) => ({ type: "string", description: `the ${number}th` });

test("equal schemas are one object, and compiled once", () => {
  const first = rememberedSchema({ type: "object", required: ["a"] });
  const second = rememberedSchema({ required: ["a"], type: "object" });
  assert.equal(second, first);
  assert.equal(compileContract(second), compileContract(first));
  assert.notEqual(rememberedSchema({ type: "object", required: ["b"] }), first);
});

test("the ones that were asked for last stay, the others go", () => {
  const often = rememberedSchema(numbered(0));
  const once = rememberedSchema(numbered(1));
  for (let number = 2; number < 400; number++) {
    rememberedSchema(numbered(number));
    assert.equal(rememberedSchema(numbered(0)), often);
  }
  assert.notEqual(rememberedSchema(numbered(1)), once);
});

test("what is too long is not remembered, and makes no room for itself", () => {
  const kept = rememberedSchema(numbered(0));
  const long = { type: "string", description: "x".repeat(2 * 1024 * 1024) };
  assert.equal(rememberedSchema(long), long);
  assert.notEqual(rememberedSchema({ ...long }), long);
  assert.equal(rememberedSchema(numbered(0)), kept);
});
