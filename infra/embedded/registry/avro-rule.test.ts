import assert from "node:assert/strict";
import { test } from "node:test";
import { avroProblems, parseAvro } from "./avro-rule.ts";

const record = (...fields: readonly object[]) => ({ type: "record", name: "a.R", fields });
const list = {
  type: "record",
  name: "List",
  fields: [
    { name: "next", type: ["null", "List"] },
    { name: "v", type: "int" },
  ],
};

const table: readonly (readonly [name: string, reader: unknown, writer: unknown, problems: readonly string[]])[] = [
  ["the same primitive is read", "string", "string", []],
  ["an int is read as a double", "double", "int", []],
  ["a double is not read as an int", "int", "double", ["/: double cannot be read as int"]],
  ["bytes are read as a string", "string", "bytes", []],
  ["a type written as an object is the same type", { type: "string" }, "string", []],
  [
    "a field that is new without a default cannot be read",
    record({ name: "f", type: "int" }),
    record(),
    ["/f: was not written and has no default"],
  ],
  ["a field that is new with a default is read", record({ name: "f", type: "int", default: 1 }), record(), []],
  ["a field that is gone is passed over", record(), record({ name: "f", type: "int" }), []],
  [
    "a field is found by its alias",
    record({ name: "g", aliases: ["f"], type: "int" }),
    record({ name: "f", type: "int" }),
    [],
  ],
  [
    "a field within is compared",
    record({ name: "f", type: "int" }),
    record({ name: "f", type: "string" }),
    ["/f/: string cannot be read as int"],
  ],
  [
    "another record's name is another type",
    { type: "record", name: "S", fields: [] },
    record(),
    ["/: R cannot be read as S"],
  ],
  ["a namespace makes no difference", { type: "record", name: "R", namespace: "b", fields: [] }, record(), []],
  ["a union reads one of its branches", ["null", "string"], "string", []],
  ["every branch that was written must be read", "string", ["null", "string"], ["/: null cannot be read as string"]],
  ["no branch reads it", ["null", "int"], "string", ["/: no branch reads string"]],
  [
    "a symbol that is gone cannot be read",
    { type: "enum", name: "E", symbols: ["A"] },
    { type: "enum", name: "E", symbols: ["A", "B"] },
    ["/: the symbol B cannot be read"],
  ],
  [
    "a symbol that is gone is read as the default",
    { type: "enum", name: "E", symbols: ["A"], default: "A" },
    { type: "enum", name: "E", symbols: ["A", "B"] },
    [],
  ],
  [
    "another size is another fixed",
    { type: "fixed", name: "F", size: 4 },
    { type: "fixed", name: "F", size: 8 },
    ["/: F cannot be read as F"],
  ],
  [
    "items are compared",
    { type: "array", items: "int" },
    { type: "array", items: "string" },
    ["/*: string cannot be read as int"],
  ],
  ["values of a map are compared", { type: "map", values: "long" }, { type: "map", values: "int" }, []],
  [
    "a map is no array",
    { type: "map", values: "int" },
    { type: "array", items: "int" },
    ["/: array cannot be read as map"],
  ],
  ["a record that contains itself ends", list, list, []],
];

for (const [name, reader, writer, problems] of table) {
  test(name, () => assert.deepEqual(avroProblems(parseAvro(reader), parseAvro(writer)), problems));
}

const broken: readonly (readonly [schema: unknown, message: RegExp])[] = [
  ["strin", /the type strin is not known/],
  [7, /7 is no Avro type/],
  [{ type: "record", fields: [] }, /is no name/],
  [{ type: "record", name: "R" }, /fields is missing/],
  [{ type: "enum", name: "E" }, /symbols is missing/],
  [{ type: "record", name: "R", fields: [7] }, /a field of R is no object/],
  [{ type: "record", name: "R", fields: [{ name: "f", type: "Other" }] }, /the type Other is not known/],
];
for (const [schema, message] of broken) {
  test(`refused: ${JSON.stringify(schema)}`, () => assert.throws(() => parseAvro(schema), message));
}
