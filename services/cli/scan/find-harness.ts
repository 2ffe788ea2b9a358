/** A harness by the name that it has in harnesses/, or from a file, for commands that need no Kafka. */
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { loadHarnesses } from "../commands/harness.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import type { HarnessFile } from "../harness/publish-harnesses.ts";

export const ownFolder = path.resolve(import.meta.dirname, "../../../harnesses");

/** Errors: CommandError naming what is wrong, or the harnesses there are. */
export async function findHarness(harness: string): Promise<HarnessFile> {
  if (existsSync(harness) && statSync(harness).isFile()) {
    const [loaded] = await loadHarnesses([harness]);
    if (loaded !== undefined) return loaded;
  }
  const here = path.resolve("harnesses");
  const all = await loadHarnesses([existsSync(here) ? here : ownFolder]);
  const found = all.find(({ definition }) => definition.name === harness);
  if (found !== undefined) return found;
  const names = all.map(({ definition }) => definition.name).join(", ");
  throw new CommandError(exitCodes.usage, `--harness: ${harness} is neither a file nor one of harnesses/ (${names})`);
}
