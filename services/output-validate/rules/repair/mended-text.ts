/**
 * The last resort for JSON whose tokens do not fit together: jsonrepair mends
 * its text, and what it says is held against what was said before. Equal, or
 * not mended: nothing is lost, made up or nested elsewhere.
 */
import { jsonrepair } from "jsonrepair";
import { parseJson, type ParsedJson } from "../../../guards/output/json-value.ts";
import type { Candidate } from "./scan-json.ts";

/** jsonrepair's time grows with the square of the length in its worst case: 32 KiB take under 100 ms. Longer is asked for again. */
export const maxRepairChars = 32 * 1024;

type Mended = ParsedJson | { readonly kind: "defect"; readonly defect: "json_too_long_to_repair" };

/** Where quotes stand inside strings, what looks like a comment may be part of one: then nothing is mended. */
export function parseMended({ written, hasComments }: Candidate): Mended {
  if (hasComments) return { kind: "defect", defect: "json_malformed" };
  if (written.length > maxRepairChars) return { kind: "defect", defect: "json_too_long_to_repair" };
  const mended = mendedText(written);
  if (mended === null || skeletonOf(written) !== skeletonOf(mended))
    return { kind: "defect", defect: "json_malformed" };
  return parseJson(mended);
}

function mendedText(source: string): string | null {
  try {
    return jsonrepair(source);
  } catch {
    return null;
  }
}

/** All that is said, without quotes, commas and escapes. */
function skeletonOf(text: string): string {
  return text
    .replaceAll(/\\u[0-9a-fA-F]{4}|\\[^]?/g, (escape) => (escape.length === 6 ? escape : " "))
    .split(/([:[\]{}])|[\s"'`“”‘’,]+/)
    .filter((word) => word !== undefined && word !== "")
    .map((word) => pythonWords.get(word) ?? word)
    .join(" ");
}

const pythonWords: ReadonlyMap<string, string> = new Map([
  ["None", "null"],
  ["True", "true"],
  ["False", "false"],
]);
