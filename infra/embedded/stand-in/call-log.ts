/**
 * The stand-in's own books: one JSON line per call in `calls.jsonl`, written
 * and synced to disk before the answer leaves. A call counts as paid
 * (`answered`) from the moment the server decided to answer it with a
 * generation, whether or not the client was still there to take it; refused and
 * failed calls are recorded unpaid.
 */
import fs from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { providerName } from "../../../schemas/parts/codes.ts";
import { usage } from "../../../schemas/parts/usage.ts";
import { openSyncedFile } from "./synced-file.ts";

export const servedCall = z.object({
  call_id: z.string().nullable().describe("X-Client-Request-Id as sent"),
  provider: providerName,
  model: z.string(),
  status: z.int().describe("HTTP status decided on; 0 when the call is left hanging"),
  answered: z.boolean().describe("A generation was produced: the call is paid"),
  client_gone: z.boolean().describe("The client had left by then"),
  usage: usage.nullable(),
  at: z.iso.datetime(),
});
export type ServedCall = z.infer<typeof servedCall>;

export interface ModelStats {
  readonly provider: string;
  readonly model: string;
  calls: number;
  answered: number;
  input_tokens: number;
  cached_input_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
}

export interface CallLog {
  readonly file: string;
  /** Resolves when the line is on disk. */
  readonly append: (call: ServedCall) => Promise<void>;
  readonly stats: () => { readonly calls: number; readonly answered: number; readonly models: readonly ModelStats[] };
  readonly close: () => Promise<void>;
}

export async function openCallLog(dataDir: string): Promise<CallLog> {
  await mkdir(dataDir, { recursive: true });
  const file = path.join(dataDir, "calls.jsonl");
  const models = new Map<string, ModelStats>();
  dropHalfLine(file);
  for (const call of readCalls(file)) count(models, call);
  const written = await openSyncedFile(file);
  return {
    file,
    append(call) {
      count(models, call);
      return written.append(JSON.stringify(call));
    },
    stats() {
      const all = [...models.values()];
      const sum = (of: "calls" | "answered"): number => all.reduce((total, model) => total + model[of], 0);
      return { calls: sum("calls"), answered: sum("answered"), models: all };
    },
    close: written.close,
  };
}

function count(models: Map<string, ModelStats>, call: ServedCall): void {
  const { provider, model } = call;
  const key = `${provider}/${model}`;
  const nothing = {
    input_tokens: 0,
    cached_input_tokens: 0,
    cache_write_tokens: 0,
    output_tokens: 0,
    reasoning_tokens: 0,
  };
  const entry = models.get(key) ?? { provider, model, calls: 0, answered: 0, ...nothing };
  models.set(key, entry);
  entry.calls += 1;
  if (call.usage === null) return;
  entry.answered += 1;
  entry.input_tokens += call.usage.input_tokens;
  entry.cached_input_tokens += call.usage.cached_input_tokens;
  entry.cache_write_tokens += call.usage.cache_write_tokens;
  entry.output_tokens += call.usage.output_tokens;
  entry.reasoning_tokens += call.usage.reasoning_tokens;
}

/** Every call on record; a line still being written is left out. */
export function readCalls(file: string): ServedCall[] {
  if (!fs.existsSync(file)) return [];
  const text = fs.readFileSync(file, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => servedCall.parse(JSON.parse(line)));
}

/** A last line that a crash cut off was never answered: it is taken off, so that the next one starts on its own. */
function dropHalfLine(file: string): void {
  if (!fs.existsSync(file)) return;
  const bytes = fs.readFileSync(file);
  const whole = bytes.lastIndexOf("\n") + 1;
  if (whole < bytes.length) fs.truncateSync(file, whole);
}
