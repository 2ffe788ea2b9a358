import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeHTML } from "entities";
import fc from "fast-check";
import type { Destination } from "../../../schemas/control/harness-definition.ts";
import { plain } from "./plain/plain.ts";
import { sanitise } from "./sanitise.ts";

const esc = "\x1b";

type Row = readonly [sentence: string, text: string, expected: string];

const rows: Readonly<Partial<Record<Destination, readonly Row[]>>> = {
  html: [
    [
      "markup is shown, not read",
      "<b onclick='x()'>a & \"b\"</b>",
      "&lt;b onclick=&apos;x()&apos;&gt;a &amp; &quot;b&quot;&lt;/b&gt;",
    ],
    ["a reference is shown as it was written", "&lt;", "&amp;lt;"],
    ["what is invisible goes before it is escaped", "<\u200bscript\0>", "&lt;script&gt;"],
  ],
  html_attribute: [
    ["quotes cannot end the value", `" onload=x '`, "&quot; onload=x &apos;"],
    ["a script is no address", "javascript:alert(1)", "unsafe:javascript:alert(1)"],
    ["nor with blanks and a line feed in it", " java\nscript:alert(1)", "unsafe: java\nscript:alert(1)"],
    ["nor a document in the address", "data:text/html,<p>", "unsafe:data:text/html,&lt;p&gt;"],
    ["words with a colon stay", "Data: 5, 6 and 7", "Data: 5, 6 and 7"],
    ["an address stays", "https://a.example/?x=1#y", "https://a.example/?x=1#y"],
  ],
  json: [
    ["a script's end is written in escapes", '{"a":"</script>&"}', '{"a":"\\u003c/script\\u003e\\u0026"}'],
    [
      "numbers stay as they were written",
      '{ "a": 1.00, "b": 9007199254740993 }',
      '{ "a": 1.00, "b": 9007199254740993 }',
    ],
    ["an escaped override of direction goes", '["a\\u202eb"]', '["ab"]'],
    ["line separators are line feeds", '["a\u2028b\\u2029"]', '["a\\nb\\n"]'],
    ["escapes that are harmless stay", '["\\u0041\\n\\"\\/"]', '["\\u0041\\n\\"\\/"]'],
    ["what is no JSON is as harmless", "</script> \x1b[0m", "\\u003c/script\\u003e [0m"],
    ["a string that breaks off is as harmless", '{"a": "<b', '{"a": "\\u003cb'],
  ],
  terminal: [
    ["colours go", `${esc}[1;31mred${esc}[0m`, "red"],
    ["movements and erasing go", `a${esc}[2J${esc}[1;1Hb${esc}[Kc`, "abc"],
    ["a hyperlink keeps its text", `${esc}]8;;https://a.example${esc}\\text${esc}]8;;\x07`, "text"],
    ["a title goes", `${esc}]0;owned\x07after`, "after"],
    ["device control goes with what it holds", `a${esc}P$q"p${esc}\\b`, "ab"],
    ["eight-bit sequences go", "a\x9b31mb\x9d0;t\x9cc", "abc"],
    ["the clipboard is not written", `${esc}]52;c;ZWNobw==\x07done`, "done"],
    ["a carriage return does not hide a line", "rm -rf /\rls", "rm -rf /\nls"],
    ["backspaces do not hide letters", "evil\b\b\b\bgood", "evilgood"],
    ["what follows a title without an end is text", `${esc}]0;title`, "]0;title"],
    ["a sequence in a sequence goes", `${esc}${esc}[0m[31mx`, "[31mx"],
    ["keypad and reset go", `${esc}=${esc}cready${esc}(B`, "ready"],
    ["bars of text stay", "[INFO] 10% ███░░ (3/4)\n", "[INFO] 10% ███░░ (3/4)\n"],
  ],
};

for (const [destination, table] of Object.entries(rows)) {
  for (const [sentence, text, expected] of table) {
    test(`${destination}: ${sentence}`, () => {
      const found = destinationOf(destination);
      const cleaned = sanitise(text, found);
      assert.equal(cleaned.text, expected);
      assert.equal(cleaned.changes.length > 0, text !== expected);
    });
  }
}

function destinationOf(name: string): Destination {
  return name === "html" || name === "html_attribute" || name === "json" || name === "terminal" ? name : "plain";
}

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(...Array.from("\x1b\x9b\x9d\x07[]8;m\\\"'<>&{}a\r\n\u2028\u200b\u202e")) }),
);

test("html: what a browser reads is the plain text", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = sanitise(text, "html").text;
      assert.equal(decodeHTML(escaped), plain(text).text);
      assert.doesNotMatch(escaped, /[<>"']/);
    }),
  );
});

test("json: a document parses to what it was, with plain strings", () => {
  const value = fc.jsonValue({ stringUnit: "binary" });
  fc.assert(
    fc.property(value, (document) => {
      const text = sanitise(JSON.stringify(document), "json").text;
      assert.doesNotMatch(text, /[<>&\u2028\u2029]/);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(document, plainStrings)));
    }),
  );
});

function plainStrings(_: string, value: unknown): unknown {
  if (typeof value === "string") return plain(value).text;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [plain(key).text, of]));
}

for (const destination of ["plain", "terminal", "json"] as const) {
  test(`${destination}: a second time changes nothing`, () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = sanitise(text, destination).text;
        assert.deepEqual(sanitise(once, destination), { text: once, changes: [] });
      }),
      { numRuns: 1000 },
    );
  });
}

test("terminal: no control character is left but tab and line ends", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.doesNotMatch(sanitise(text, "terminal").text, /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)/);
    }),
  );
});
