/**
 * What is wrong with one harness file: rules that it breaks or that can never
 * match (`impossible`, which apply refuses), and where it falls short of
 * compliance presets, those that it names or those that were asked about.
 */
import type { ComplianceScheme } from "../../../schemas/control/harness-definition.ts";
import { findShortfalls, type Shortfall, type Surroundings } from "../../definitions/compliance/find-shortfalls.ts";
import { compliancePresets } from "../../definitions/compliance/compliance-presets.ts";
import type { HarnessFile } from "./publish-harnesses.ts";

export interface LintedHarness {
  readonly file: string;
  /** Absent when the file could not be read as a definition. */
  readonly harness?: string;
  /** Sentences that name field and rule; a file that has any cannot be applied. */
  readonly impossible: readonly string[];
  readonly presets: readonly {
    readonly preset: ComplianceScheme;
    readonly lines: number;
    readonly shortfalls: readonly Shortfall[];
  }[];
}

/** `asked`: presets to hold it to beside those that it names. */
export function lintHarness(
  { file, definition }: HarnessFile,
  asked: readonly ComplianceScheme[],
  surroundings: Surroundings,
): LintedHarness {
  const schemes = new Set([...(definition.compliance ?? []), ...asked]);
  const presets = [...schemes].map((preset) => ({
    preset,
    lines: compliancePresets[preset].lines.length,
    shortfalls: findShortfalls(preset, definition, surroundings),
  }));
  return { file, harness: definition.name, impossible: [], presets };
}

/** For people: a heading, and under it what, why and how to mend it, a block a place. */
export function describeLinted({ file, harness, impossible, presets }: LintedHarness): string {
  const head = harness === undefined ? file : `${harness} (${file})`;
  const wrong = impossible.map((reason) => `  ${reason}`);
  const held = presets.flatMap(({ preset, lines, shortfalls }) => {
    const missed = new Set(shortfalls.map(({ clause, why }) => `${clause} ${why}`)).size;
    return [`  ${preset}: keeps ${lines - missed} of ${lines} lines`, ...shortfalls.flatMap(describeShortfall)];
  });
  const nothing = wrong.length + held.length === 0 ? ["  nothing to mend; no preset is named (--preset)"] : [];
  return [head, ...wrong, ...held, ...nothing].join("\n");
}

function describeShortfall({ path, what, clause, why, mend }: Shortfall): readonly string[] {
  return [`    ${path}: ${what}`, `      why:  ${clause}: ${why}`, `      mend: ${mend}`];
}
