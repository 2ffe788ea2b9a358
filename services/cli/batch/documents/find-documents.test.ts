import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { findDocuments, readDocument } from "./find-documents.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-find-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** No file of these tests needs a reader of its own. */
const place = { folder, extractor: { read: () => Promise.reject(new Error("not asked for")) } };

before(() => {
  const files = [
    "a/one.txt",
    "a/two.MD",
    "a/deep/three.md",
    "a/picture.png",
    "a/.hidden/four.txt",
    "we[i]rd*/five.txt",
    "top.txt",
  ];
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), file);
  }
  symlinkSync(path.join(folder, "top.txt"), path.join(folder, "a", "link.txt"));
  symlinkSync(path.join(folder, "nowhere"), path.join(folder, "a", "dead.txt"));
});

test("a folder is searched through: text and Markdown, links to files, nothing hidden, the rest counted", async () => {
  const found = await findDocuments(["a"], folder);
  assert.deepEqual(found, {
    names: ["a/deep/three.md", "a/link.txt", "a/one.txt", "a/two.MD"],
    problems: [],
    passedOver: 1,
  });
});

test("places that overlap give each document once, sorted", async () => {
  const { names } = await findDocuments(["top.txt", "a/one.txt", "./a/one.txt", "a/*.txt", "a/deep"], folder);
  assert.deepEqual(names, ["a/deep/three.md", "a/link.txt", "a/one.txt", "top.txt"]);
});

test("globs reach into folders", async () => {
  assert.deepEqual((await findDocuments(["**/*.md"], folder)).names, ["a/deep/three.md"]);
});

test("a folder's own name may look like a glob", async () => {
  assert.deepEqual((await findDocuments(["we[i]rd*"], folder)).names, ["we[i]rd*/five.txt"]);
});

test("an absolute place gives absolute names, another way to a place is no other name", async () => {
  const absolute = path.join(folder, "a", "deep");
  assert.deepEqual((await findDocuments([absolute], folder)).names, [`${absolute}/three.md`]);
  assert.deepEqual((await findDocuments(["../deep/three.md", "../deep"], path.join(folder, "a", "deep"))).names, [
    "three.md",
  ]);
});

test("what is named but is not there, or of another kind, is listed", async () => {
  const { names, problems } = await findDocuments(["absent", "*.png", "a/picture.png"], folder);
  assert.deepEqual(names, []);
  assert.deepEqual(
    problems.map(({ name, code }) => [name, code]),
    [
      ["absent", "not_found"],
      ["*.png", "not_found"],
      ["a/picture.png", "unsupported"],
    ],
  );
});

test("reading gives the text without a byte order mark, and the hash of the bytes as they are", async () => {
  writeFileSync(path.join(folder, "bom.txt"), "\uFEFFété");
  const read = await readDocument("bom.txt", place);
  assert.deepEqual(read, {
    kind: "document",
    document: {
      name: "bom.txt",
      sha256: "190018f1a1ae5f152b473d563298a6d8231b15c34ed3963d4d25000c94dc4f93",
      text: "été",
      notes: [],
    },
  });
});

test("what cannot be a document says why", async () => {
  const cases: readonly (readonly [string, Buffer | string, string])[] = [
    ["nul.txt", "a\0b", "not_utf8"],
    ["cut.txt", Buffer.from("é").subarray(0, 1), "not_utf8"],
    ["blank.txt", "\n\t ", "empty"],
    ["nothing.txt", "", "empty"],
  ];
  for (const [name, content, code] of cases) {
    writeFileSync(path.join(folder, name), content);
    const read = await readDocument(name, place);
    assert.equal(read.kind === "problem" ? read.problem.code : read.kind, code, name);
  }
  const gone = await readDocument("gone.txt", place);
  assert.equal(gone.kind === "problem" ? gone.problem.code : gone.kind, "unreadable");
});
