/**
 * Mends the JSON of an answer: takes it out of prose and code fences, reads its
 * tokens leniently, and leaves the rest (missing commas, quotes inside strings)
 * to jsonrepair. It mends only what has one reading: an answer cut off, two
 * candidates, brackets that do not match, a mended text that lost or gained
 * anything, stay unmended. Types are not its business: the contract judges the
 * value afterwards.
 */
import { jsonrepair } from "jsonrepair";
import { parseJson, type JsonDefect, type JsonValue, type ParsedJson } from "./json-value.ts";
import { findJson, maxCandidates, type Candidate } from "./scan-json.ts";

export type RepairFault = JsonDefect | "json_absent" | "json_ambiguous" | "json_cut_off" | "json_too_long_to_repair";

export type Repair =
  | { readonly kind: "repaired"; readonly value: JsonValue; readonly steps: readonly ("extracted" | "mended")[] }
  | { readonly kind: "unrepaired"; readonly fault: RepairFault };

/** jsonrepair's time grows with the square of the length in its worst case: 32 KiB take under 100 ms. Longer is asked for again. */
export const maxRepairChars = 32 * 1024;

/**
 * `isWhole` says whether nothing more could follow in an object that lacks its
 * last brace: it has every member that its contract allows.
 */
export function repairJson(text: string, isWhole: (value: JsonValue) => boolean = () => false): Repair {
  const candidates = findJson(text);
  if (candidates.length > maxCandidates) return { kind: "unrepaired", fault: "json_ambiguous" };
  if (piecesAround(text, candidates)) return { kind: "unrepaired", fault: "json_ambiguous" };
  const extracted = soleValue(text, candidates);
  if (extracted !== undefined) return { kind: "repaired", value: extracted, steps: ["extracted"] };
  const [only] = candidates;
  if (only === undefined) return { kind: "unrepaired", fault: "json_absent" };
  if (candidates.length > 1) return { kind: "unrepaired", fault: "json_ambiguous" };
  const steps =
    only.end - only.start === text.trim().length ? (["mended"] as const) : (["extracted", "mended"] as const);
  const closed = closedValue(only, isWhole);
  return closed === null ? mend(only, steps) : { kind: "repaired", value: closed, steps };
}

/** Whether what stands around the candidates is itself JSON in pieces: a key, or a bracket that nothing opened. */
function piecesAround(text: string, candidates: readonly Candidate[]): boolean {
  let from = 0;
  for (const { start, end } of [...candidates, { start: text.length, end: text.length }]) {
    if (/["']\s{0,9}:|[}\]]/.test(text.slice(from, start))) return true;
    from = end;
  }
  return false;
}

/** The one candidate that is valid as it stands, when the others are nothing but brackets in prose. */
function soleValue(text: string, candidates: readonly Candidate[]): JsonValue | undefined {
  const values: JsonValue[] = [];
  for (const { start, end } of candidates) {
    const written = text.slice(start, end);
    const parsed = parseJson(written);
    if (parsed.kind === "value" && !parsed.duplicateKeys) values.push(parsed.value);
    else if (/["':]/.test(written)) return undefined;
  }
  return values.length === 1 ? values[0] : undefined;
}

function closedValue(
  { strict, hazards, lacksLastBrace }: Candidate,
  isWhole: (value: JsonValue) => boolean,
): JsonValue | null {
  if (!lacksLastBrace || hazards.size > 1) return null;
  const parsed = parseJson(`${strict}}`);
  return parsed.kind === "value" && !parsed.duplicateKeys && isWhole(parsed.value) ? parsed.value : null;
}

type Steps = Extract<Repair, { kind: "repaired" }>["steps"];

function mend(candidate: Candidate, steps: Steps): Repair {
  const fault = hazardFault(candidate);
  if (fault !== null) return { kind: "unrepaired", fault };
  const read = parseJson(candidate.strict);
  const parsed = read.kind === "value" || read.defect !== "json_malformed" ? read : parseMended(candidate);
  if (parsed.kind === "defect") return { kind: "unrepaired", fault: parsed.defect };
  if (parsed.duplicateKeys) return { kind: "unrepaired", fault: "json_duplicate_key" };
  return { kind: "repaired", value: parsed.value, steps };
}

function hazardFault({ hazards }: Candidate): RepairFault | null {
  if (hazards.has("too_deep")) return "json_too_deep";
  if (hazards.has("unbalanced")) return "json_malformed";
  if (hazards.has("cut_off")) return "json_cut_off";
  return hazards.size > 0 ? "json_malformed" : null;
}

type Mended = ParsedJson | { readonly kind: "defect"; readonly defect: "json_too_long_to_repair" };

/** Where quotes stand inside strings, what looks like a comment may be part of one: then nothing is mended. */
function parseMended({ written, hasComments }: Candidate): Mended {
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

/** All that is said, without quotes, commas and escapes: equal when nothing was lost, made up or nested elsewhere. */
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
