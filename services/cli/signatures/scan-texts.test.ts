import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import type { SignaturePack } from "../../../schemas/control/signature-pack.ts";
import { compilePack } from "../../guards/injection/compile-pack.ts";
import { buildScanner } from "../../guards/injection/scanner.ts";
import { exitCodeOf } from "../exit-codes.ts";
import { describeTried } from "./say.ts";
import { readJsonLines, tryText, type GivenText } from "./scan-texts.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-texts-"));
after(() => rmSync(folder, { recursive: true, force: true }));

async function read(content: string): Promise<readonly GivenText[]> {
  const file = path.join(folder, "texts.jsonl");
  writeFileSync(file, content);
  const texts: GivenText[] = [];
  for await (const text of readJsonLines(file)) texts.push(text);
  return texts;
}

const pack: SignaturePack = {
  pack: "p",
  version: "1",
  description: "",
  signatures: [
    {
      id: "s",
      category: "planted_in_document",
      severity: "high",
      action: "block",
      channels: ["document"],
      pattern: "secret phrase",
      examples: { match: ["secret phrase"], noMatch: ["x"] },
    },
  ],
};
const verdict = compilePack(pack);
assert.ok(verdict.kind === "compiled");
const scanner = buildScanner([verdict.pack]);

test("a line is a text with its channel, user when it names none; blank lines are passed over", async () => {
  assert.deepEqual(await read('{"text":"a"}\n\n{"text":"b","channel":"document"}\n'), [
    { text: "a", channel: "user", line: 1 },
    { text: "b", channel: "document", line: 3 },
  ]);
});

test("a line that is no such object stops with file and line, and without its content", async () => {
  for (const bad of ["nonsense secret", '{"txt":"secret"}', '{"text":"a","channel":"secret"}']) {
    await assert.rejects(read(`{"text":"a"}\n${bad}\n`), (error: Error) => {
      assert.match(error.message, /texts\.jsonl:2: not a JSON object/);
      assert.doesNotMatch(error.message, /secret/);
      return exitCodeOf(error) === 2;
    });
  }
});

test("a text is scanned as what it is, and the table tells place and rule, never the words", () => {
  const text = "here is the Secret  Phrase";
  const tried = [tryText(scanner, { text, channel: "document" }, 1), tryText(scanner, { text, channel: "user" }, 2)];
  const { rows } = describeTried(tried);
  assert.deepEqual(rows, [
    ["1", "document", "p/s", "block", "high", "12", "26", "planted_in_document"],
    ["2", "user", "-", "-", "-", "", "", "nothing found"],
  ]);
});
