/**
 * Where an answer can land in a page, how it gets there, and what it must then look
 * like to the browser: for each destination of `sanitise` the places it is meant for.
 */
import MarkdownIt from "markdown-it";
import { marked } from "marked";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import type { Destination } from "../../schemas/control/harness-definition.ts";
import { plain } from "../../services/guards/sanitise/plain/plain.ts";
import { sanitise } from "../../services/guards/sanitise/sanitise.ts";
import type { Case } from "./browser.ts";

export interface Place {
  readonly name: string;
  readonly destination: Destination;
  /** Made of a text before it is sanitised. */
  readonly written?: (text: string) => string;
  /** HTML of what was sanitised; a place without it takes it as text content. */
  readonly html?: (sanitised: string) => string;
  /** Is what the browser shows what was meant? */
  readonly isRight: (seen: Case, text: string) => boolean;
}

const markdownIt = new MarkdownIt({ html: true, linkify: true });
markdownIt.validateLink = () => true;
const lenient = { allowDangerousHtml: true, allowDangerousProtocol: true };

export const renderers: readonly (readonly [name: string, render: (markdown: string) => string])[] = [
  ["marked", (markdown) => marked.parse(markdown, { async: false })],
  ["markdown-it", (markdown) => markdownIt.render(markdown)],
  ["micromark", (markdown) => micromark(markdown, { ...lenient, extensions: [gfm()], htmlExtensions: [gfmHtml()] })],
];

/** Elements and attributes that Markdown makes without raw HTML; no image among them. */
const ofMarkdown =
  /^(?:p|h[1-6]|em|strong|s|del|code|pre|ul|ol|li|blockquote|hr|br|table|thead|tbody|tr|th|td|a|section|sup|input)(?: (?:href|title|class|start|align|style|id|dir|type|checked|disabled|data-[\w-]+|aria-[\w-]+))?$/;
/** `:` is what a browser says of an address that it cannot read, such as `http://a b`: it leads nowhere. */
const ofPlaces = /^(?:https?|mailto|tel)?:$/;

export const places: readonly Place[] = [
  {
    name: "text of an element",
    destination: "html",
    html: (sanitised) => sanitised,
    isRight: (seen, text) => seen.elements.length === 0 && seen.text === shown(text),
  },
  {
    name: "attribute in quotes",
    destination: "html_attribute",
    html: (sanitised) => `<b title="${sanitised}">x</b><b title='${sanitised}'>x</b>`,
    isRight: (seen, text) =>
      seen.elements.join() === "b,b title" && seen.text === "xx" && seen.value.replace(/^unsafe:/, "") === shown(text),
  },
  {
    name: "address of a link",
    destination: "html_attribute",
    html: (sanitised) => `<a href="${sanitised}">x</a>`,
    isRight: (seen) =>
      seen.elements.join() === "a,a href" && !seen.protocols.some((name) => /script|data|vbs/.test(name)),
  },
  ...renderers.map(([name, render]): Place => ({
    name: `Markdown by ${name}`,
    destination: "markdown",
    html: render,
    isRight: (seen) =>
      seen.elements.every((name) => ofMarkdown.test(name)) && seen.protocols.every((name) => ofPlaces.test(name)),
  })),
  {
    name: "JSON in a script element",
    destination: "json",
    written: (text) => JSON.stringify({ text }),
    html: (sanitised) => `<script type="application/json">${sanitised}</script>`,
    isRight: (seen, text) =>
      seen.elements.join() === "script,script type" && seen.text !== "" && textOf(seen.text) === plain(text).text,
  },
  ...(["plain", "terminal"] as const).map((destination): Place => ({
    name: `${destination} as text content`,
    destination,
    isRight: (seen, text) => seen.elements.length === 0 && seen.text === sanitise(text, destination).text,
  })),
];

/** As browsers read line ends. */
function shown(text: string): string {
  return plain(text).text.replaceAll("\r\n", "\n");
}

function textOf(json: string): unknown {
  const value: unknown = JSON.parse(json);
  return typeof value === "object" && value !== null && "text" in value ? value.text : undefined;
}
