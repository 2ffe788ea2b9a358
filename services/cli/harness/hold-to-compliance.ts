/**
 * Holds definitions to the compliance schemes that they name, before any is
 * published. What the definition or its providers lack is refused; what is a setting
 * of other processes is told, as this environment need not be theirs.
 */
import { findShortfalls, type Shortfall, type Surroundings } from "../../definitions/compliance/find-shortfalls.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import type { HarnessFile } from "./publish-harnesses.ts";

/** Resolves to what should be told. Errors: CommandError with a line a place: file, field, rule and clause. */
export function holdToCompliance(harnesses: readonly HarnessFile[], surroundings: Surroundings): readonly string[] {
  const all = harnesses.flatMap(({ file, definition }) =>
    (definition.compliance ?? []).flatMap((scheme) =>
      findShortfalls(scheme, definition, surroundings).map((shortfall) => ({ file, shortfall })),
    ),
  );
  const refused = all.filter(({ shortfall }) => shortfall.of !== "setting");
  if (refused.length > 0) {
    const lines = refused.map(({ file, shortfall }) => `${file}: ${sentence(shortfall)} (compliance_${shortfall.of})`);
    throw new CommandError(exitCodes.usage, lines.join("\n"));
  }
  return [...new Set(all.map(({ shortfall }) => `${shortfall.scheme}: ${sentence(shortfall)}.`))];
}

function sentence({ path, what, scheme, clause, mend }: Shortfall): string {
  return `${path}: ${what}, against ${scheme} (${clause}); ${mend}`;
}
