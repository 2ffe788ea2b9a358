/**
 * Reads documents in a process of their own, one after the other, and ends that
 * process when a document takes too long or too much memory; the next document
 * gets a new one. So no file can stop or kill the batch. (A thread would not
 * do: a full heap in a thread can end the whole process.) It is given none of
 * the environment's variables, so no key.
 */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { maxRequestBytes } from "../../../../schemas/records/run-request.ts";
import { extraction, type DocumentFormat, type Extraction, type ReadingLimits } from "./extraction.ts";
import type { ExtractionOrder } from "./extract-process.ts";

export interface ExtractorLimits extends ReadingLimits {
  /** For one document, milliseconds. */
  readonly timeoutMs: number;
  /** Of the process's JavaScript heap, megabytes. */
  readonly heapMb: number;
  /** Of the process in all, bytes: what a heap limit does not see. */
  readonly maxRssBytes: number;
}

export const extractorLimits: ExtractorLimits = {
  maxChars: maxRequestBytes,
  maxPages: 10_000,
  maxUnpackedBytes: 128 * 1024 * 1024,
  timeoutMs: 120_000,
  heapMb: 512,
  maxRssBytes: 1536 * 1024 * 1024,
};

type Answer =
  | { readonly kind: "read"; readonly extraction: Extraction }
  | { readonly kind: "ended"; readonly how: "time" | "memory" | "otherwise" };

export class DocumentExtractor {
  readonly #limits: ExtractorLimits;
  #process: ChildProcess | null = null;

  constructor(limits: ExtractorLimits = extractorLimits) {
    this.#limits = limits;
  }

  /** Never throws for something that a file holds. One at a time. */
  async read(format: DocumentFormat, bytes: Uint8Array<ArrayBuffer>): Promise<Extraction> {
    const { maxChars, maxPages, maxUnpackedBytes, timeoutMs } = this.#limits;
    const child = (this.#process ??= this.#start());
    const order: ExtractionOrder = { format, bytes, limits: { maxChars, maxPages, maxUnpackedBytes } };
    const answer = await answerTo(order, child, timeoutMs);
    if (answer.kind === "read") return answer.extraction;
    await this.close();
    switch (answer.how) {
      case "time":
        return unreadable("over_limit", `reading it took more than ${timeoutMs / 1000} s`);
      case "memory":
        return unreadable("over_limit", "reading it took more memory than there is for one document");
      case "otherwise":
        return unreadable("broken", "it is damaged beyond reading");
    }
  }

  async close(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    child.once("exit", resolve);
    child.kill("SIGKILL");
    await promise;
  }

  #start(): ChildProcess {
    const { heapMb, maxRssBytes } = this.#limits;
    return fork(fileURLToPath(new URL("./extract-process.ts", import.meta.url)), [String(maxRssBytes)], {
      env: {},
      execArgv: [`--max-old-space-size=${heapMb}`],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
  }
}

async function answerTo(order: ExtractionOrder, child: ChildProcess, timeoutMs: number): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const give = (answer: unknown): void => resolve({ kind: "read", extraction: extraction.parse(answer) });
  const failed = (): void => resolve({ kind: "ended", how: "otherwise" });
  // By its own watch, or by V8's when the heap is full.
  const ended = (_code: number | null, signal: NodeJS.Signals | null): void =>
    resolve({ kind: "ended", how: signal === "SIGKILL" || signal === "SIGABRT" ? "memory" : "otherwise" });
  child.on("message", give).on("exit", ended).on("error", failed);
  const timer = setTimeout(() => resolve({ kind: "ended", how: "time" }), timeoutMs);
  child.send(order, (error) => error !== null && failed());
  const answer = await promise;
  clearTimeout(timer);
  child.off("message", give).off("exit", ended).off("error", failed);
  return answer;
}

function unreadable(code: "over_limit" | "broken", message: string): Extraction {
  return { kind: "unreadable", code, message, notes: [] };
}
