/** What an upload may be, line by line, and how a hostile one ends. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { maxUploadLines, readUpload, type Upload } from "./read-upload.ts";
import { splitLines } from "./split-lines.ts";

const run = (text: string, more: object = {}): string => JSON.stringify({ ...more, input: { text } });
const read = (body: string | Buffer) => readUpload(Buffer.from(body), "openai");
const names = ({ lines }: Upload): readonly string[] => [...lines()].map(({ name }) => name);

async function taken(body: string | Buffer): Promise<Upload> {
  const upload = await read(body);
  return "status" in upload ? assert.fail(upload.message) : upload;
}

for (const { name, body, are, duplicates = 0 } of [
  { name: "a line without an id is named by its number", body: `${run("a")}\n${run("b")}\n`, are: ["1", "2"] },
  { name: "the last line needs no end", body: `${run("a")}\n${run("b")}`, are: ["1", "2"] },
  { name: "ids are names", body: `${run("a", { id: "x" })}\n${run("a", { id: "y" })}`, are: ["x", "y"] },
  {
    name: "blank lines are numbered and left out",
    body: `\n${run("a")}\r\n \t\r\n${run("b")}\r\n\r\n`,
    are: ["2", "4"],
  },
  { name: "a byte order mark is none of the first line's", body: `\uFEFF${run("a")}`, are: ["1"] },
  {
    name: "the same bytes are one run",
    body: `${run("a")}\n${run("b")}\n${run("a")}\r\n`,
    are: ["1", "2"],
    duplicates: 1,
  },
]) {
  test(name, async () => {
    const upload = await taken(body);
    assert.deepEqual([names(upload), upload.duplicates, upload.documents], [are, duplicates, are.length]);
  });
}

const deep = (levels: number): string => `{"input":{"text":${"[".repeat(levels)}${"]".repeat(levels)}}}`;

for (const { name, body, says, code = "invalid_line", param } of [
  { name: "no line", body: "\n \n", says: /^the body has no line/, code: "empty_batch" },
  { name: "a line that is no JSON", body: `${run("a")}\n{"input":`, says: /^line 2: is not JSON/, param: "2" },
  { name: "a line that is no object", body: "[]", says: /^line 1: / },
  { name: "a line without an input", body: `\n${run("a")}\n{"id":"x"}`, says: /^line 3, input: /, param: "3.input" },
  { name: "a field that is none", body: run("a", { client_id: "other" }), says: /^line 1: / },
  {
    name: "options that are none",
    body: run("a", { options: { temperature: "hot" } }),
    says: /^line 1, options.temperature: /,
  },
  { name: "an empty id", body: run("a", { id: "" }), says: /^line 1, id: / },
  { name: "an id that is too long", body: run("a", { id: "x".repeat(257) }), says: /^line 1, id: / },
  {
    name: "an id twice",
    body: `${run("a", { id: "x" })}\n${run("b", { id: "x" })}`,
    says: /^line 2, id: is that of an earlier line/,
  },
  {
    name: "an id that is an earlier line's number",
    body: `${run("a")}\n${run("b", { id: "1" })}`,
    says: /^line 2, id: /,
  },
  { name: "a line that is not UTF-8", body: Buffer.from([0x7b, 0xff, 0x7d]), says: /^line 1: is not UTF-8/ },
  {
    name: "a line above a megabyte",
    body: `${run("a")}\n${run("b".repeat(1_048_576))}`,
    says: /^line 2: has \d+ bytes/,
  },
  {
    name: "a line whose request would be above it",
    body: run("b".repeat(1_045_000)),
    says: /^line 1: is more than a run/,
  },
  {
    name: "numbers that grow when they are written",
    body: `{"input":{"n":[${"1e20,".repeat(200_000)}1]}}`,
    says: /^line 1: is more than a run/,
  },
  { name: "arrays nested without end", body: deep(400_000), says: /^line 1: is nested too deeply/ },
]) {
  test(`${name} refuses the whole upload`, async () => {
    const refusal = await read(body);
    assert.ok("status" in refusal);
    assert.deepEqual([refusal.status, refusal.code], [400, code]);
    assert.match(refusal.message, says);
    if (param !== undefined) assert.equal(refusal.param, param);
  });
}

test("what is refused is not repeated", async () => {
  const refusal = await read(`${run("a")}\n{"id": 5, "input": "canary-of-content"}`);
  assert.ok("status" in refusal);
  assert.doesNotMatch(JSON.stringify(refusal), /canary/);
});

test("one line more than there may be is too many", async () => {
  const lines = Array.from({ length: maxUploadLines + 1 }, (_, index) => `{"input":{"n":${index}}}\n`).join("");
  const refusal = await read(lines);
  assert.ok("status" in refusal);
  assert.deepEqual([refusal.status, refusal.code], [413, "too_many_lines"]);
});

test("sizes are told with their line, and the estimate is of all", async () => {
  const upload = await taken(`${run("one two")}\n${run("one two three four five six seven eight nine ten")}`);
  const alone = await taken(run("one two"));
  assert.equal(upload.largest.line, 2);
  assert.equal(upload.longestPrompt.line, 2);
  assert.equal(upload.promptTokens, upload.longestPrompt.tokens + alone.promptTokens);
});

test("an upload's digest is of its lines and their names, however they end", async () => {
  const digest = async (body: string): Promise<string> => (await taken(body)).sha256;
  const one = await digest(`${run("a")}\n${run("b")}`);
  assert.equal(await digest(`${run("a")}\r\n${run("b")}\r\n`), one);
  assert.notEqual(await digest(`${run("b")}\n${run("a")}`), one);
  assert.notEqual(await digest(`\n${run("a")}\n${run("b")}`), one);
});

test("lines are found where they stand, whatever is in them", () => {
  const text = fc.string({ unit: fc.constantFrom("a", " ", "\u00e9", "\ud83d\ude00", "\r", "{") });
  fc.assert(
    fc.property(fc.array(text), (lines) => {
      const body = Buffer.from(lines.join("\n"));
      const found = [...splitLines(body)].map(({ number, start, end }) => [number, body.toString("utf8", start, end)]);
      const wanted = lines.flatMap((line, index) => {
        const ended = line.replace(/\r$/, "");
        return /^[ \t]*$/.test(ended) ? [] : [[index + 1, ended]];
      });
      assert.deepEqual(found, wanted);
    }),
  );
});
