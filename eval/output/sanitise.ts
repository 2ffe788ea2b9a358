/**
 * How many ordinary texts sanitising leaves unharmed, for each destination: what
 * its reader gets is what was written. Markdown is held against two renderers, which
 * must make the same HTML of it as before. That nothing harmful is left is shown
 * in a browser (test/browser), not here.
 */
import { decodeHTML } from "entities";
import MarkdownIt from "markdown-it";
import { marked } from "marked";
import { destination as destinations, type Destination } from "../../schemas/control/harness-definition.ts";
import { sanitise } from "../../services/guards/sanitise/sanitise.ts";
import { halfOf, type Half } from "../corpus/half.ts";
import { share, type Figure } from "../input/figure.ts";
import { benignAnswers, benignSpeeches } from "./sanitise/benign-texts.ts";
import type { TimedGuard } from "./guards.ts";

const markdownIt = new MarkdownIt({ html: true, linkify: true });

function rendered(text: string): string {
  return `${marked.parse(text, { async: false })}\n${markdownIt.render(text)}`;
}

const unharmed: Readonly<Record<Destination, (text: string) => boolean>> = {
  html: (text) => decodeHTML(sanitise(text, "html").text) === text,
  html_attribute: (text) => decodeHTML(sanitise(text, "html_attribute").text) === text,
  markdown: (text) => rendered(sanitise(text, "markdown").text) === rendered(text),
  json: (text) => JSON.parse(sanitise(JSON.stringify(text), "json").text) === text,
  terminal: (text) => sanitise(text, "terminal").text === text,
  plain: (text) => sanitise(text, "plain").text === text,
};

export function measureSanitise(half: Half): readonly Figure[] {
  const sets = { answers: benignAnswers(), speeches: benignSpeeches() };
  return Object.entries(sets).flatMap(([set, texts]) => {
    const chosen = texts.filter(({ text }) => halfOf(text) === half);
    return destinations.options.map((destination) => ({
      name: `output/sanitise/${set}/${destination}/unharmed`,
      value: share(chosen.filter(({ text }) => unharmed[destination](text)).length, chosen.length),
      size: chosen.length,
      better: "higher" as const,
    }));
  });
}

export const timedSanitise: readonly TimedGuard[] = destinations.options.map((destination) => ({
  guard: `sanitise for ${destination}`,
  ...(destination === "json" ? { prepare: (text: string) => JSON.stringify(text) } : {}),
  run: (text) => sanitise(text, destination),
}));
