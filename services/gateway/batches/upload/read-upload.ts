/**
 * Reads an upload whole before anything of it counts: every line is parsed and
 * checked, and the first that is bad refuses all. Keeps the bytes and the
 * places of the lines, not what they say: a line is parsed again when it is
 * published. Lets others have the event loop every quarter of a megabyte.
 */
import { createHash, type Hash } from "node:crypto";
import { setImmediate as others } from "node:timers/promises";
import type { ProviderName } from "../../../../schemas/parts/codes.ts";
import { maxRequestBytes } from "../../../../schemas/records/run-request.ts";
import type { Refusal } from "../../admission/admission.ts";
import { sizeOf, type RunSize } from "../../admission/run-size.ts";
import { readLine, type BatchLine, type LineProblem } from "./read-line.ts";
import { splitLines, type LinePlace } from "./split-lines.ts";

export const maxUploadBytes = 64 * 1024 * 1024;
export const maxUploadLines = 100_000;
/** What a request holds beside its line: names, ids, hashes. */
const aroundLineBytes = 8192;
const breatheBytes = 256 * 1024;

export interface Upload {
  /** Lines that are runs; those whose bytes an earlier line has are not. */
  readonly documents: number;
  readonly duplicates: number;
  /** Of all lines and their names. */
  readonly sha256: string;
  readonly promptTokens: number;
  readonly largest: { readonly bytes: number; readonly line: number };
  readonly longestPrompt: { readonly tokens: number; readonly line: number };
  /** Each document once, in their order. */
  readonly lines: () => Iterable<BatchLine>;
}

/** `provider`: whose tokens are estimated. */
export async function readUpload(body: Buffer, provider: ProviderName): Promise<Upload | Refusal> {
  const reading = new Reading(provider);
  let breatheAt = breatheBytes;
  for (const place of splitLines(body)) {
    if (reading.lines === maxUploadLines) return tooMany;
    const problem = reading.take(body, place);
    if (problem !== null) return refusalOf(problem);
    if (place.end < breatheAt) continue;
    breatheAt = place.end + breatheBytes;
    await others();
  }
  return reading.lines === 0 ? empty : reading.upload(body);
}

class Reading {
  readonly #provider: ProviderName;
  readonly #places: LinePlace[] = [];
  readonly #bytes = new Set<string>();
  readonly #names = new Set<string>();
  readonly #hash: Hash = createHash("sha256");
  #duplicates = 0;
  #promptTokens = 0;
  #largest = { bytes: 0, line: 0 };
  #longestPrompt = { tokens: 0, line: 0 };

  constructor(provider: ProviderName) {
    this.#provider = provider;
  }

  get lines(): number {
    return this.#places.length + this.#duplicates;
  }

  take(body: Buffer, place: LinePlace): LineProblem | null {
    const { number, start, end } = place;
    const read = readLine(body.subarray(start, end), number);
    if (read.kind === "problem") return read.problem;
    const { name, sha256 } = read.line;
    if (this.#bytes.has(sha256)) {
      this.#duplicates += 1;
      return null;
    }
    if (this.#names.has(name)) return { line: number, field: "id", rule: "is that of an earlier line" };
    const size = measured(read.line, this.#provider);
    if (size === null || size.bytes + aroundLineBytes > maxRequestBytes)
      return { line: number, field: "", rule: `is more than a run may be, which is ${maxRequestBytes} bytes` };
    this.#bytes.add(sha256);
    this.#names.add(name);
    this.#places.push(place);
    this.#hash.update(JSON.stringify([sha256, name]));
    this.#promptTokens += size.promptTokens;
    if (size.bytes > this.#largest.bytes) this.#largest = { bytes: size.bytes, line: number };
    if (size.promptTokens > this.#longestPrompt.tokens)
      this.#longestPrompt = { tokens: size.promptTokens, line: number };
    return null;
  }

  upload(body: Buffer): Upload {
    const places = this.#places;
    return {
      documents: places.length,
      duplicates: this.#duplicates,
      sha256: this.#hash.digest("hex"),
      promptTokens: this.#promptTokens,
      largest: this.#largest,
      longestPrompt: this.#longestPrompt,
      lines: () => linesAt(body, places),
    };
  }
}

/** Null when it cannot be written as JSON again. */
function measured({ input, options }: BatchLine, provider: ProviderName): RunSize | null {
  try {
    return sizeOf({ client_id: "", harness: "", input, ...(options === undefined ? {} : { options }) }, provider);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function* linesAt(body: Buffer, places: readonly LinePlace[]): Generator<BatchLine> {
  for (const { number, start, end } of places) {
    const read = readLine(body.subarray(start, end), number);
    if (read.kind === "line") yield read.line;
  }
}

function refusalOf({ line, field, rule }: LineProblem): Refusal {
  const where = field === "" ? `line ${line}` : `line ${line}, ${field}`;
  const param = field === "" ? String(line) : `${line}.${field}`;
  return { status: 400, code: "invalid_line", message: `${where}: ${rule}; nothing was published`, param };
}

const empty: Refusal = { status: 400, code: "empty_batch", message: "the body has no line: one run as JSON on each" };
const tooMany: Refusal = {
  status: 413,
  code: "too_many_lines",
  message: `a batch has at most ${maxUploadLines} lines`,
};
