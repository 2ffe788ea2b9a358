/**
 * Makes an answer safe for where it goes. Pure and linear in the text's length.
 * For `markdown`, `json`, `terminal` and `plain` a second time changes nothing;
 * escaping for HTML is done once, by whoever writes the page last.
 */
import type { Destination } from "../../../schemas/control/harness-definition.ts";
import type { Cleaned } from "./cleaned.ts";
import { forAttribute, forHtml } from "./html.ts";
import { forJson } from "./json.ts";
import { forMarkdown } from "./markdown/markdown.ts";
import { plain } from "./plain/plain.ts";
import { forTerminal } from "./terminal.ts";

const cleaners: Readonly<Record<Destination, (text: string) => Cleaned>> = {
  html: forHtml,
  html_attribute: forAttribute,
  markdown: forMarkdown,
  json: forJson,
  terminal: forTerminal,
  plain,
};

export function sanitise(text: string, destination: Destination): Cleaned {
  return cleaners[destination](text);
}
