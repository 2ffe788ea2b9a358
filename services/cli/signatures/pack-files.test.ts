/** Whatever is wrong with a pack's file is said with file, line and reason, and the pack is refused whole. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { exitCodeOf } from "../exit-codes.ts";
import { readPackFiles } from "./pack-files.ts";

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-packs-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(content: string, name = `pack-${++files}.yaml`): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

const head = `# comments count as lines
pack: ours
version: "1"
description: d
signatures:
  - id: good
    category: role_play
    severity: low
    action: flag
    pattern: one good phrase
    examples: { match: [One good phrase], noMatch: [no] }
`;
/** Begins on line 12. */
const signature = (pattern: string, more = "") => `${head}  - id: bad
    category: role_play
    severity: low
    action: block
${more}    pattern: |-
      ${pattern}
    examples:
      match:
        - a bad phrase
      noMatch:
        - fine
        - nothing
`;

const refused: readonly [what: string, content: string, line: number, reason: RegExp][] = [
  ["look-around", signature("bad(?= phrase)"), 16, /look-around.*pattern_syntax/],
  ["look-behind", signature("(?<=a )bad phrase"), 16, /look-around/],
  ["a back-reference", signature("(bad) \\1"), 16, /back-reference/],
  ["an unbounded quantifier", signature("bad.*phrase"), 16, /unbounded quantifier/],
  ["an open bound", signature("bad.{2,}phrase"), 16, /unbounded quantifier/],
  ["a pattern that is not linear", signature("bad(?:a{1,9}){1,9} phrase"), 16, /variable length.*pattern_bounded/],
  ["a pattern with too many ways", signature("bad.{0,99}bad.{0,99}phrase"), 16, /ways.*pattern_bounded/],
  ["no literal", signature("\\w{2,9}"), 16, /no literal.*pattern_literal/],
  ["a failing example", signature("a worse phrase"), 20, /bad: does not match its example match\[0\]/],
  ["a failing counter-example", signature("(?:a bad phrase|nothing)"), 23, /matches its counter-example noMatch\[1\]/],
  ["an id used twice", signature("a bad phrase").replace("id: bad", "id: good"), 12, /used twice.*unique_id/],
  [
    "an unknown category",
    signature("a bad phrase").replace(
      "role_play\n    severity: low\n    action: block",
      "rude\n    severity: low\n    action: block",
    ),
    13,
    /category/,
  ],
  ["an unknown channel", signature("a bad phrase", "    channels: [letters]\n"), 16, /channels/],
  ["a language that is none", signature("a bad phrase", "    languages: [english]\n"), 16, /language tag/],
  ["a misspelt setting", signature("a bad phrase", "    chanels: [user]\n"), 16, /no such setting/],
  ["a share above 1", head.replace("description: d", "description: d\ncanary: 7"), 5, /canary/],
  ["a missing field", head.replace("    severity: low\n", ""), 6, /severity/],
  ["no signatures", 'pack: ours\nversion: "1"\ndescription: d\nsignatures: []\n', 4, /signatures/],
  ["YAML that cannot be read", `${head}  - id: [\n`, 13, /\S/],
];
for (const [what, content, line, reason] of refused) {
  test(`${what} refuses the pack, with line ${line} and the reason`, async () => {
    const name = file(content);
    await assert.rejects(readPackFiles([name]), (error: Error) => {
      const [first = ""] = error.message.split("\n");
      assert.ok(first.startsWith(`${name}:${line}: `), error.message);
      assert.match(first, reason);
      return exitCodeOf(error) === 2;
    });
  });
}

test("a right pack is read with its defaults and the lines of its parts", async () => {
  const [read] = await readPackFiles([file(signature("a bad phrase", "    channels: [document]\n"))]);
  assert.deepEqual([read?.pack.mode, read?.pack.canary], ["live", undefined]);
  assert.deepEqual(
    read?.pack.signatures.map(({ languages, channels }) => [languages, channels]),
    [
      [["en"], undefined],
      [["en"], ["document"]],
    ],
  );
  assert.deepEqual(
    [read?.lineOf("/signatures/1/channels"), read?.lineOf("/signatures/1/severity"), read?.lineOf("")],
    [16, 14, 1],
  );
  assert.equal(read?.compiled.signatures.length, 2);
});

test("a pack may be JSON, and is read like YAML", async () => {
  const pack = {
    pack: "json",
    version: "2",
    description: "",
    signatures: [
      {
        id: "a",
        category: "role_play",
        severity: "low",
        action: "flag",
        pattern: "some phrase",
        examples: { match: ["some phrase"], noMatch: ["x"] },
      },
    ],
  };
  const [read] = await readPackFiles([file(JSON.stringify(pack))]);
  assert.equal(read?.pack.version, "2");
});

test("the same pack in two files is refused: which would be in force is anybody's guess", async () => {
  const [one, two] = [file(head), file(head)];
  await assert.rejects(
    readPackFiles([one, two]),
    new RegExp(`${path.basename(two)}:2: the pack ours is also in .*${path.basename(one)}`),
  );
});

test("what is wrong in several files is said all at once, and nothing is read", async () => {
  const [one, right, two] = [file(signature("x*")), file(head), path.join(folder, "none.yaml")];
  await assert.rejects(readPackFiles([one, right, two]), (error: Error) => {
    assert.equal(error.message.split("\n").length, 2);
    assert.match(error.message, /none\.yaml: no such file/);
    return true;
  });
});

test("a pack that no record can hold is refused before it is published", async () => {
  const long = "x".repeat(9 * 1024 * 1024);
  await assert.rejects(readPackFiles([file(head.replace("description: d", `description: ${long}`))]), /split it/);
});
