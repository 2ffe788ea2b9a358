/**
 * What renderers that let raw HTML and every address through make of sanitised
 * Markdown: texts put together from all that begins or ends something in Markdown,
 * so that renderers come to disagree, hold no element, attribute or address that
 * Markdown itself could not have made harmlessly. And ordinary texts stay.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { marked } from "marked";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { benignAnswers } from "../../../../eval/output/sanitise/benign-texts.ts";
import { forMarkdown } from "./markdown.ts";

const markdownIt = new MarkdownIt({ html: true, linkify: true });
markdownIt.validateLink = () => true;
const dangerous = { allowDangerousHtml: true, allowDangerousProtocol: true };

const renderers: readonly (readonly [name: string, render: (text: string) => string])[] = [
  ["marked", (text) => marked.parse(text, { async: false })],
  ["marked, with breaks", (text) => marked.parse(text, { async: false, breaks: true })],
  ["markdown-it", (text) => markdownIt.render(text)],
  ["micromark", (text) => micromark(text, dangerous)],
  ["micromark, GFM", (text) => micromark(text, { ...dangerous, extensions: [gfm()], htmlExtensions: [gfmHtml()] })],
];

const element =
  /^<\/?(?:p|h[1-6]|em|strong|s|del|code|pre|ul|ol|li|blockquote|hr|br|table|thead|tbody|tr|th|td|section|sup|a|input)(?: (?:(?:class|start|align|style|title|id|type|checked|disabled|data-[\w-]+|aria-[\w-]+|dir)(?:="[^"<>]*")?|href="(?:(?:https?|mailto|tel):[^"<>]*|(?:[^:"<>&]|&#39;)*(?:[/?#][^"<>]*)?|&lt;[^:"<>]*)"))* ?\/?>$/;

function harmful(html: string): readonly string[] {
  return (html.match(/<[A-Za-z/!?][^>]*>?/g) ?? []).filter((found) => !element.test(found));
}

const payload = "<img src=x onerror=alert(1)>";
const pieces = [
  payload,
  payload,
  "\n",
  "\n\n",
  ..."` `` ``` ```` ~~~ ```js | |-| --- $ $$ \\ \\( \\) \\[ \\] \\` [ ]( ) [a]( ![ ![a]( ]: [a] \" ' ( : @ ~ ** _ > < `a` x".split(
    " ",
  ),
  ...'    |  |   | |\t|- |1. |10. |> |* |+ |# |[a]: |[^1]: |word |<!--|-->|<script>|</script>|<pre>|<div |<a href="'.split(
    "|",
  ),
  ..."javascript:alert(1) https://a.b/ www.a.b/ <https://a.b> <https://a a@b.c data:text/html,x &lt; &#96;".split(" "),
];

const hostile = fc
  .uniqueArray(fc.constantFrom(...pieces), { minLength: 2, maxLength: 9 })
  .chain((few) => fc.array(fc.constantFrom(payload, "\n", ...few), { minLength: 2, maxLength: 16 }))
  .map((parts) => parts.join(""));

test("nothing that a renderer makes of hostile texts can run or load", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const sanitised = forMarkdown(text).text;
      for (const [name, render] of renderers) assert.deepEqual(harmful(render(sanitised)), [], name);
      assert.deepEqual(forMarkdown(sanitised), { text: sanitised, changes: [] });
    }),
    { numRuns: 2000 },
  );
});

test("the same texts are harmful before", () => {
  const texts = fc.sample(hostile, { numRuns: 200, seed: 1 });
  for (const [name, render] of renderers) {
    const found = texts.filter((text) => harmful(render(text)).length > 0);
    assert.ok(found.length > 50, `${name}: ${found.length}`);
  }
});

for (const { name, text } of benignAnswers()) {
  test(`${name}: rendered as before`, () => {
    const sanitised = forMarkdown(text).text;
    for (const [renderer, render] of renderers) assert.equal(render(sanitised), render(text), renderer);
  });
}
