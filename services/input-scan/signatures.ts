/**
 * The signature packs in force, from harness-signatures: a new pack is judged
 * and compiled, then swapped in at once. A pack that is refused is logged with
 * every reason, and the one before it stays.
 */
import { signaturePack } from "../../schemas/control/signature-pack.ts";
import { describeReasons } from "../definitions/load-definition.ts";
import { compilePack, patternsOf, type CompiledPack } from "../guards/injection/compile-pack.ts";
import { buildScanner, type InjectionScanner } from "../guards/injection/scanner.ts";
import { openControlTable, type ControlTableOptions } from "../runtime/control-table.ts";

export interface Signatures {
  readonly scanner: () => InjectionScanner;
  close(): Promise<void>;
}

type Sources = Pick<ControlTableOptions<CompiledPack>, "reader" | "logger">;

/** @throws TransientError broker_unavailable, also when the topic does not exist. */
export async function openSignatures({ reader, logger }: Sources): Promise<Signatures> {
  const packs = new Map<string, CompiledPack>();
  const parse = (value: unknown, key: string) => {
    const pack = readPack(value, key, packs.get(key));
    packs.set(key, pack);
    return pack;
  };
  const table = await openControlTable({ reader, topic: "harness-signatures", parse, logger });
  let scanner = buildScanner([...table.entries().values()]);
  table.onChange(() => {
    scanner = buildScanner([...table.entries().values()]);
    logger.info({ packs: scanner.packs }, "signature packs in force");
  });
  logger.info({ packs: scanner.packs }, "signature packs in force");
  return { scanner: () => scanner, close: () => table.close() };
}

/** `before`: the pack in force, whose patterns are not compiled again. @throws Error with every reason; it names signatures, never examples. */
export function readPack(value: unknown, key: string, before?: CompiledPack): CompiledPack {
  const pack = signaturePack.parse(value);
  if (pack.pack !== key) throw new Error(`the record is pack ${pack.pack}, its key is not`);
  const verdict = compilePack(pack, patternsOf(before === undefined ? [] : [before]));
  if (verdict.kind === "rejected")
    throw new Error(`pack ${pack.pack}@${pack.version}:\n${describeReasons(verdict.reasons)}`);
  return verdict.pack;
}
