/**
 * What a scan decides by: a harness, by the name that it has in harnesses/ or
 * from a file, and signature packs. Nothing is read from Kafka.
 */
import { globSync } from "node:fs";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { buildScanner } from "../../guards/injection/scanner.ts";
import { linearModel } from "../../input-scan/rules/injection.ts";
import { readConfig, type Environment } from "../../runtime/config.ts";
import { readKeyFile } from "../../runtime/secrets/key-file.ts";
import { openPrivacyKeys } from "../../runtime/secrets/privacy-keys.ts";
import { homeOf } from "../connections.ts";
import type { HarnessFile } from "../harness/publish-harnesses.ts";
import { readPackFiles } from "../signatures/pack-files.ts";
import { findHarness, ownFolder } from "./find-harness.ts";
import type { ScanPolicy } from "./scan-text.ts";

export interface OpenedPolicy extends ScanPolicy {
  readonly definition: HarnessFile["definition"];
  readonly version: string;
  readonly file: string;
}

/** Errors: CommandError naming what is wrong, or the harnesses there are. */
export async function openPolicy(
  { harness, signatures }: { readonly harness: string; readonly signatures: readonly string[] },
  env: Environment,
): Promise<OpenedPolicy> {
  // The same belt as in input-scan, before any pattern is compiled.
  setFlagsFromString("--enable-experimental-regexp-engine-on-excessive-backtracks");
  setFlagsFromString("--regexp-backtracks-before-fallback=50000000");
  const { definition, version, file } = await findHarness(harness);
  const files = signatures.length > 0 ? signatures : packFiles(path.dirname(file));
  const packs = await readPackFiles(files);
  const { BREAKWATER_SECRET_KEY: key } = readConfig(["BREAKWATER_SECRET_KEY"], env);
  // Without one in the environment, that of the embedded system here, so that tokens are those of its runs.
  const { tokeniser } = openPrivacyKeys(key ?? readKeyFile(homeOf(env), "secret-key") ?? undefined);
  const scanner = buildScanner(packs.map(({ compiled }) => compiled));
  return { definition, version, file, tools: { scanner, model: linearModel, tokeniser, draw: 0 } };
}

/** The packs beside the harness, one folder up at most, else those that come with the project. */
function packFiles(folder: string): readonly string[] {
  const near = [folder, path.dirname(folder)].map((place) => globSync(path.join(place, "signatures", "*.yaml")));
  const files = near.find((found) => found.length > 0) ?? globSync(path.join(ownFolder, "signatures", "*.yaml"));
  return files.toSorted();
}
