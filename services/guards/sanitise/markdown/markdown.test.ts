import assert from "node:assert/strict";
import { test } from "node:test";
import { forMarkdown } from "./markdown.ts";

const image = "<img src=x onerror=alert(1)>";
const shown = "&lt;img src=x onerror=alert(1)>";

const rows: readonly (readonly [sentence: string, text: string, expected: string])[] = [
  ["raw HTML is shown", `a ${image} b`, `a ${shown} b`],
  ["comments, declarations and ends of elements too", "<!-- a --> <?php </p>", "&lt;!-- a --> &lt;?php &lt;/p>"],
  ["an escaped sign stays a sign", `\\${image}`, shown],
  ["less than stays less than", "a < b, 1<2, <3, <-", "a < b, 1<2, <3, <-"],
  ["less than in a formula gets a blank", "$a<b$ and a<b", "$a< b$ and a&lt;b"],
  ["an image becomes a link", "![x](https://a.example/?q=secret)", "&#33;[x](https://a.example/?q=secret)"],
  ["an image by reference too", "![x][1]\n\n[1]: https://a.example/", "&#33;[x][1]\n\n[1]: https://a.example/"],
  ["an image in a link too", "[![x](//a.example)](https://b.example)", "[&#33;[x](//a.example)](https://b.example)"],
  ["an escaped image loses its backslash", "\\![x](/y)", "&#33;[x](/y)"],
  ["a link to a script is text", "[x](javascript:alert(1))", "[x]&#40;javascript:alert(1))"],
  ["with a reference in its scheme too", "[x](javascript&colon;alert(1))", "[x]&#40;javascript&colon;alert(1))"],
  ["and with capitals", "[x](JaVaScRiPt:alert(1))", "[x]&#40;JaVaScRiPt:alert(1))"],
  ["and in angle brackets", "[x](<javascript:a>)", "[x]&#40;&lt;javascript:a>)"],
  ["and over two lines", "[x](\njavascript:a)", "[x]&#40;\njavascript:a)"],
  ["a data link is text", "[x](data:text/html,y)", "[x]&#40;data:text/html,y)"],
  ["a definition of a script is text", "[x]: javascript:a", "[x]&#58; javascript:a"],
  ["one in a quotation too", "> [x]:\n> vbscript:a", "> [x]&#58;\n> vbscript:a"],
  ["an automatic link to a script is text", "<javascript:a>", "&lt;javascript:a>"],
  ["automatic links to places stay", "<https://a.example/b> <me@a.example>", "<https://a.example/b> <me@a.example>"],
  ["a script in a formula's link is none", "$\\href{javascript:a}{x}$", "$\\href{#javascript:a}{x}$"],
  ["what is set in after a paragraph belongs to it", `a\n    > \n    ${image}`, `a\n    > \n    ${shown}`],
  ["and after a quotation's paragraph", `> a\n>     > \n    ${image}`, `> a\n>     > \n    ${shown}`],
  ["and after a blank that is no space", `a\n\u3000\n    ${image}`, `a\n\u3000\n    ${shown}`],
  ["code on a line stays", `see \`${image}\` and \`\`a\`b\`\``, `see \`${image}\` and \`\`a\`b\`\``],
  ["code that never ends begins nowhere", `\`a ${image}`, `&#96;a ${shown}`],
  ["an escaped backtick begins nothing", `\\\`${image}\``, `&#96;${shown}&#96;`],
  ["code behind an address begins nowhere", `https://a.example/\`${image}\``, `https://a.example/&#96;${shown}&#96;`],
  ["code over two lines gets onto one", "run `a\n  b` now", "run `a b` now"],
  ["code over a list's items is none", `\`a\n- b\` ${image}`, `&#96;a\n- b&#96; ${shown}`],
  ["code that ends a link's text ends none", `[a \`](x) ${image}\``, `&#91;a \`](x) ${image}\``],
  ["code that ends a formula ends none", `$ \`$ ${image}\``, `&#36; \`$ ${image}\``],
  ["code over a table's cells is none", `| \`a | ${image}\` |\n|-|-|`, `| &#96;a | ${shown}&#96; |\n|-|-|`],
  ["a fenced block stays", `\`\`\`html\n${image}\n\`\`\`\n${image}`, `\`\`\`html\n${image}\n\`\`\`\n${shown}`],
  ["a fence that never ends is ended", `~~~\n${image}`, `~~~\n${image}\n~~~`],
  [
    "a fence under a definition without an address is one",
    `[a]:\n\`\`\`\n${image}\n\`\`\``,
    `[a]&#58;\n\`\`\`\n${image}\n\`\`\``,
  ],
  ["a fence in a list ends with it", `- a\n  \`\`\`\n${image}`, `- a\n  \`\`\`\n  \`\`\`\n${shown}`],
  ["a fence in a quotation ends with it", `> \`\`\`\n${image}`, `> \`\`\`\n> \`\`\`\n${shown}`],
  [
    "a fence set in far stands after a blank line",
    `- a\n    \`\`\`\n    ${image}\n    \`\`\``,
    `- a\n\n    \`\`\`\n    ${image}\n    \`\`\``,
  ],
  ["a fence behind a list's mark is none", `- ~~~\n  ${image}`, `- &#126;&#126;&#126;\n  ${shown}`],
  [
    "a fence in an open formula closes it",
    `$$\n\`\`\`\n$$\n${image}\n\`\`\``,
    `&#36;&#36;\n\`\`\`\n$$\n${image}\n\`\`\``,
  ],
  ["indented code stays", `Text\n\n    ${image}\n\n    b\n`, `Text\n\n    ${image}\n\n    b\n`],
  ["what is set in under a list is no code", `- a\n\n    ${image}`, `- a\n\n    ${shown}`],
  ["nor under a list's last line", `- a\nb\n\n    ${image}`, `- a\nb\n\n    ${shown}`],
  ["nor in a paragraph", `Text\n    ${image}`, `Text\n    ${shown}`],
  ["invisible characters go first", "[x](java\u200bscript:a) <\u0000b>", "[x]&#40;javascript:a) &lt;b>"],
  ["lines of a log are no definitions", "[WARN]: 3 errors: x", "[WARN]: 3 errors: x"],
];

for (const [sentence, text, expected] of rows) {
  test(sentence, () => {
    const cleaned = forMarkdown(text);
    assert.equal(cleaned.text, expected);
    assert.equal(cleaned.changes.length > 0, text !== expected);
    assert.deepEqual(forMarkdown(expected), { text: expected, changes: [] });
  });
}

test("changes say what was made harmless", () => {
  assert.deepEqual(forMarkdown(`![a](b) ${image}${image} [x](data:,y)`).changes, [
    { rule: "sanitise.image", count: 1 },
    { rule: "sanitise.html", count: 2 },
    { rule: "sanitise.link", count: 1 },
  ]);
});
