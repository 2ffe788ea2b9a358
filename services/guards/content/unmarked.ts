/**
 * A text as a page shows it: without HTML's tags and comments, for rules that read words
 * next to each other. Tags that end a block or line end a sentence too; all others
 * leave nothing behind. Linear: a tag of more than 400 characters is text.
 */
import type { FoldedText } from "../text/fold.ts";
import { Rewriter, type Reading } from "../text/rewriter.ts";

const tag = /<(?:\/?([a-z][a-z0-9]{0,15})(?:[\s/][^<>]{0,400})?|!--[^<>]{0,400}--)>/g;
const endsLine = /^(?:br|p|div|li|ul|ol|h[1-6]|tr|td|th|table|section|article|blockquote|pre|hr)$/;

/** Null when it has no tags. */
export function unmarked(text: FoldedText): Reading | null {
  if (!text.folded.includes("<")) return null;
  const rewriter = new Rewriter(text);
  for (const match of text.folded.matchAll(tag)) {
    const end = match.index + match[0].length;
    rewriter.replace(match.index, end, endsLine.test(match[1] ?? "") ? "\n\n" : "");
  }
  return rewriter.finish(["markup"]);
}
