/**
 * The guards as this measurement asks them: the signature packs of the
 * repository, compiled as the stages compile them, the linear model, and the
 * rules for planted instructions. The one place in eval that knows how an
 * injection guard is called.
 */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { signaturePack } from "../../schemas/control/signature-pack.ts";
import type { Channel } from "../../schemas/parts/channel.ts";
import { compilePack, type CompiledPack } from "../../services/guards/injection/compile-pack.ts";
import { buildScanner, type InjectionScanner } from "../../services/guards/injection/scanner.ts";
import { modelVersion, scoreInjection } from "../../services/guards/model/score.ts";
import { certain, findPlanted } from "../../services/guards/planted/find-planted.ts";
import { fold } from "../../services/guards/text/fold.ts";

/** What each signal said of one text: two levels a signal. */
export interface Signals {
  readonly signatureBlock: boolean;
  readonly signatureFlag: boolean;
  readonly modelBlock: boolean;
  readonly modelFlag: boolean;
  /** Only of documents and tool results. */
  readonly plantedBlock: boolean;
  readonly plantedFlag: boolean;
  /** What the standard policy blocks: signatures and planted instructions that are sure. */
  readonly block: boolean;
  /** What it at least flags: all of them, the model for what the user wrote. */
  readonly flag: boolean;
}

export interface Guards {
  /** `pack@version` of each pack, and the model's. */
  readonly versions: readonly string[];
  readonly scanner: InjectionScanner;
  signals(text: string, channel: Channel): Signals;
}

export function openGuards(): Guards {
  const scanner = buildScanner(readPacks());
  return {
    versions: [...scanner.packs, `model@${modelVersion}`],
    scanner,
    signals(text, channel) {
      const folded = fold(text);
      const matches = scanner.scan(folded, { channel, draw: 0 }).filter(({ effective }) => effective);
      const model = scoreInjection(folded);
      const planted = channel === "user" ? [] : findPlanted(folded);
      const found = {
        signatureBlock: matches.some(({ action }) => action === "block"),
        signatureFlag: matches.length > 0,
        modelBlock: model.blocked,
        modelFlag: model.flagged,
        plantedBlock: planted.some(({ score }) => score >= certain),
        plantedFlag: planted.length > 0,
      };
      const second = channel === "user" ? found.modelFlag : found.plantedFlag;
      return { ...found, block: found.signatureBlock || found.plantedBlock, flag: found.signatureFlag || second };
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
