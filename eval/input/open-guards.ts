/**
 * The guards as this measurement asks them: the signature packs of the
 * repository, compiled as the stages compile them. The one place in eval that
 * knows how a guard is called.
 */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { signaturePack } from "../../schemas/control/signature-pack.ts";
import type { Channel } from "../../schemas/parts/channel.ts";
import { compilePack, type CompiledPack } from "../../services/guards/injection/compile-pack.ts";
import { buildScanner } from "../../services/guards/injection/scanner.ts";
import { fold } from "../../services/guards/text/fold.ts";

/** What each signal said of one text. */
export interface Signals {
  readonly signatureBlock: boolean;
  readonly signatureFlag: boolean;
}

export interface Guards {
  /** `pack@version` of each pack. */
  readonly packs: readonly string[];
  signals(text: string, channel: Channel): Signals;
}

export function openGuards(): Guards {
  const scanner = buildScanner(readPacks());
  return {
    packs: scanner.packs,
    signals(text) {
      const matches = scanner.scan(fold(text));
      return { signatureBlock: matches.some(({ action }) => action === "block"), signatureFlag: matches.length > 0 };
    },
  };
}

const packFolder = fileURLToPath(new URL("../../harnesses/signatures/", import.meta.url));

/** @throws Error when a pack of the repository would be refused. */
function readPacks(): readonly CompiledPack[] {
  return globSync("*.yaml", { cwd: packFolder })
    .toSorted()
    .map((file) => {
      const verdict = compilePack(signaturePack.parse(parse(readFileSync(`${packFolder}${file}`, "utf8"))));
      if (verdict.kind === "rejected") throw new Error(`${file}: ${JSON.stringify(verdict.reasons)}`);
      return verdict.pack;
    });
}
