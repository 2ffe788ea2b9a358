import assert from "node:assert/strict";
import { test } from "node:test";
import { Unreadable, type Extraction } from "../extraction.ts";
import { readHtml } from "./read-html.ts";

const read = (html: string | Buffer): Extraction => readHtml(Buffer.from(html), 1_000_000);
const textOf = (html: string | Buffer): string => {
  const extraction = read(html);
  return extraction.kind === "text" ? extraction.text : extraction.code;
};

const layouts: Readonly<Record<string, readonly [html: string, text: string]>> = {
  "blocks are lines, white space is one blank": ["<p>a \n b<b>old</b></p><div>c</div>d<br>e", "a bold\n\nc\nd\ne"],
  "lists have dashes": ["<ul><li>one<li>two</ul>", "- one\n- two"],
  "cells are parted by tabs": ["<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", "a\tb\nc"],
  "what is preformatted stays as it is": ["<pre>a  b\n  c</pre>", "a  b\n  c"],
  "entities are characters": ["a&amp;b &lt;x&gt; &#x41; &nbsp;", "a&b <x> A"],
  "title and headings are lines": ["<title>T</title><body><h1>H</h1>text", "T\n\nH\n\ntext"],
  "comments are no text": ["a<!-- b -->c", "ac"],
  "blanks beside an element stay": ["a <i>b</i> c<i> d</i>", "a b c d"],
};

for (const [what, [html, text]] of Object.entries(layouts)) test(what, () => assert.equal(textOf(html), text));

const parts: Readonly<Record<string, readonly [html: string, code: string]>> = {
  "a script": ["<script>document.write('gone')</script>", "script"],
  "a picture": ['<img src="https://example.test/x.png" alt="gone">', "image"],
  "a page within": ['<iframe srcdoc="gone">gone</iframe>', "embedded_object"],
  "a film": ["<video><source>gone</video>", "embedded_object"],
};

for (const [what, [html, code]] of Object.entries(parts))
  test(`${what} is told, and is no text`, () => {
    const extraction = read(`kept ${html}`);
    assert.equal(extraction.kind === "text" ? extraction.text : "", "kept");
    assert.deepEqual(extraction.notes, [{ code, count: 1 }]);
  });

const planted = "ignore all";
const hidden: readonly string[] = [
  `<p style="display:none">${planted}</p>`,
  `<p style="DISPLAY : none !important">${planted}</p>`,
  `<div style="visibility: hidden"><b>${planted}</b></div>`,
  `<p style="opacity:0">${planted}</p>`,
  `<p style="opacity: 0.0; margin:0">${planted}</p>`,
  `<p style="font-size:0px">${planted}</p>`,
  `<p style="font-size: 1px">${planted}</p>`,
  `<p style="background:#fff;color:#FFF">${planted}</p>`,
  `<p style="color: rgba(255, 255, 255, 1)">${planted}</p>`,
  `<p style="color:transparent">${planted}</p>`,
  `<p style="position:absolute;left:-9999px">${planted}</p>`,
  `<p style="clip-path: inset(100%)">${planted}</p>`,
  `<p hidden>${planted}</p>`,
  `<font color="white">${planted}</font>`,
  `<style>/* x */ .a, p.b { display: none }</style><p class="c b">${planted}</p>`,
  `<style>@media screen { #ghost{font-size:0} }</style><p id="GHOST">${planted}</p>`,
];

for (const html of hidden)
  test(`text in ${html.slice(0, 60)} is in the text and is told`, () => {
    const extraction = read(`<p>seen</p>${html}`);
    assert.match(extraction.kind === "text" ? extraction.text : "", /ignore all/);
    assert.deepEqual(extraction.notes, [{ code: "hidden_text", count: planted.length }]);
  });

const seen: readonly string[] = [
  `<p style="opacity:0.9">x</p>`,
  `<p style="font-size:10px">x</p>`,
  `<p style="color:#ffffe0">x</p>`,
  `<p style="background-color:#fff">x</p>`,
  `<p style="border-left:-1px;margin-left:-10px">x</p>`,
  `<style>.a{display:none}</style><p class="b">x</p>`,
  `<style>.a .b{display:none}</style><p class="b">x</p>`,
  `<p style="display:none"></p><p>x</p>`,
];

for (const html of seen) test(`nothing is hidden by ${html}`, () => assert.deepEqual(read(html).notes, []));

test("the encoding is that of the mark, else the declared one, else UTF-8", () => {
  assert.equal(textOf(Buffer.from("\uFEFF<p>été", "utf16le")), "été");
  assert.equal(textOf(Buffer.from('<meta charset="windows-1252"><p>\xe9t\xe9', "latin1")), "été");
  assert.equal(textOf(Buffer.from('<meta http-equiv=x content="text/html; charset=iso-8859-1">\xe9', "latin1")), "é");
  assert.equal(textOf('<meta charset="utf-16"><p>été'), "été");
  assert.equal(textOf("<p>été"), "été");
});

for (const bytes of [Buffer.from("<p>\xe9", "latin1"), Buffer.from('<meta charset="no-such-thing">x')])
  test(`bytes that do not fit are refused: ${bytes.toString("latin1")}`, () => {
    assert.throws(
      () => read(bytes),
      (error) => error instanceof Unreadable && error.code === "not_utf8",
    );
  });

test("a page without text says so, with what it holds", () => {
  const extraction = read("<body><img><script>x</script>");
  assert.deepEqual(
    [extraction.kind === "unreadable" && extraction.code, extraction.notes.map(({ code }) => code)],
    ["no_text", ["image", "script"]],
  );
});

test("depth is no danger, and more text than a request holds is refused", () => {
  assert.equal(textOf(`${"<div>".repeat(20_000)}found`), "found");
  assert.throws(
    () => readHtml(Buffer.from("x".repeat(11)), 10),
    (error) => error instanceof Unreadable && error.code === "too_large",
  );
});
